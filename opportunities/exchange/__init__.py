"""Opportunities in and out of spreadsheets and maps.

`columns` declares what is exchanged, for both ways. In: `tables` and `ods` read a file into rows,
`values` what a cell says, `places` the communes and districts it names, `checking` what each row
will do, `importing` does it. Out: `exporting` writes the formats, `cnig` the national standard of
the friches.
"""
