/** A button that prints. Without script the browser's own menu does. */
import { reveal } from '../parts/page';

reveal();
