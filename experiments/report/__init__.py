"""The printed report of a study: one document, shown as a page of HTML, as a PDF and as a file of Word."""
