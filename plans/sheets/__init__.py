"""The one place that opens and writes workbooks and papers.

    paper = sheets.open_paper(content, "分工.docx")           # raises sheets.Refused(problems)
    for block in paper.blocks:                                # in the order of the paper
        …                                                     # sheets.Grid: rows of cells; sheets.Text: a paragraph
    sheets.write_xlsx([sheets.Table("事项", heads, rows)])     # bytes
    sheets.write_csv(sheets.Table("事项", heads, rows))
    sheets.write_official(sheets.OfficialPaper(title, number, columns, rows))  # bytes of a docx in the layout of official documents

Reads xlsx, xls, et, docx, csv and txt in a child process within limits; see `opening` for what is refused. A formula does not refuse the
file: its cell has `formula`, no value, and a line in `paper.refused`, so that a total nobody reads stands in nobody's way.
"""

from plans.sheets.official import Column, OfficialPaper, write_official
from plans.sheets.opening import ACCEPTED, open_paper
from plans.sheets.papers import Cell, Grid, Paper, Problem, Refused, Text
from plans.sheets.writing import Share, Table, is_formula, write_csv, write_xlsx

__all__ = [
    "ACCEPTED",
    "Cell",
    "Column",
    "Grid",
    "OfficialPaper",
    "Paper",
    "Problem",
    "Refused",
    "Share",
    "Table",
    "Text",
    "is_formula",
    "open_paper",
    "write_csv",
    "write_official",
    "write_xlsx",
]
