"""The one place that opens and writes workbooks and papers.

    paper = sheets.open_paper(content, "分工.docx")           # raises sheets.Refused(problems)
    for block in paper.blocks:                                # in the order of the paper
        …                                                     # sheets.Grid: rows of cells; sheets.Text: a paragraph
    sheets.write_xlsx([sheets.Table("事项", heads, rows)])     # bytes
    sheets.write_csv(sheets.Table("事项", heads, rows))

Reads xlsx, xls, et, docx, csv and txt in a child process within limits; see `opening` for what is refused. A formula does not refuse the
file: its cell has `formula`, no value, and a line in `paper.refused`, so that a total nobody reads stands in nobody's way.
"""

from plans.sheets.opening import ACCEPTED, open_paper
from plans.sheets.papers import Cell, Grid, Paper, Problem, Refused, Text
from plans.sheets.writing import Share, Table, is_formula, write_csv, write_xlsx

__all__ = ["ACCEPTED", "Cell", "Grid", "Paper", "Problem", "Refused", "Share", "Table", "Text", "is_formula", "open_paper", "write_csv", "write_xlsx"]
