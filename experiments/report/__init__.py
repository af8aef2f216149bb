"""The printed report of a study: one document, shown as a page of HTML and as a PDF."""
