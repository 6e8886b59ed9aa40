"""make.py FILE: the notebook that executed.ipynb is the run of."""

import sys

import nbformat as nf

nb = nf.v4.new_notebook()
md, code = nf.v4.new_markdown_cell, nf.v4.new_code_cell
nb.cells = [
 md("# Birds, in Python\n\nMade by Jupyter itself. A fence in prose:\n\n```kaizen\nnot_a_cell = 1\n```"),
 code("least = 4000  # lightest bird kept\nname = 'Gentoo'", metadata={"tags": ["parameters"]}),
 code("import math, sys\nprint(f'{math.pi:.6f}')\nprint('```out of a cell', file=sys.stderr)"),
 code("from IPython.display import HTML, display\ndisplay(HTML('<b>bold</b>'))\n{'a': [1, 2], 'b': 'π → ∞'}"),
 code("import base64\nfrom IPython.display import Image\nImage(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='))"),
 code("1 / 0", metadata={"tags": ["raises-exception"]}),
 nf.v4.new_raw_cell("raw text"),
 code(""),
]
nf.write(nb, sys.argv[1])
