# SPDX-License-Identifier: Apache-2.0
"""Prints the cells of a spreadsheet, one a line: sheet, cell, type, style, formula, value.

usage: sheet.py FILE.xlsx
"""
import sys
import xml.etree.ElementTree as xml
import zipfile

MAIN = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
book = zipfile.ZipFile(sys.argv[1])
styles = xml.fromstring(book.read('xl/styles.xml'))
codes = {f.get('numFmtId'): f.get('formatCode') for f in styles.iter(MAIN + 'numFmt')}
looks = [f.get('numFmtId') for f in styles.find(MAIN + 'cellXfs')]
for number, sheet in enumerate(xml.fromstring(book.read('xl/workbook.xml')).iter(MAIN + 'sheet')):
    page = xml.fromstring(book.read('xl/worksheets/sheet%d.xml' % (number + 1)))
    for cell in page.iter(MAIN + 'c'):
        look = looks[int(cell.get('s', '0'))]
        text = ''.join(t.text or '' for t in cell.iter(MAIN + 't'))
        value = cell.find(MAIN + 'v')
        formula = cell.find(MAIN + 'f')
        print(sheet.get('name'), cell.get('r'), cell.get('t', 'n'), codes.get(look, look),
              '' if formula is None else '=' + formula.text,
              text if value is None else value.text, sep='|')
