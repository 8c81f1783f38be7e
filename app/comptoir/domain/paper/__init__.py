"""What stands on paper, row by row, whatever draws it: a printer, a PDF, a page."""
