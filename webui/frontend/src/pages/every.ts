/** What every page has: a search field that offers names, and buttons that copy. */
import { offerNames } from '../parts/combobox';
import { offerCopies } from '../parts/copying';

offerNames();
offerCopies();
