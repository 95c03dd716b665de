"""The forms a report can be written in, one module each. All of them tell the same report.

Each module has one function that takes a vereend.report.Report and gives text; Report.to calls them by name.
"""

NAMES = ("text", "json", "turtle", "jsonld", "csv", "md", "html", "sarif", "junit")
