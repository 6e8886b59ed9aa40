extension Reference {
  /// The program from outside: options, formats, JSON.
  static let output = #"""
    ## The command line

        kaizen                              the prompt, or the lines on standard input
        kaizen -c "LINES"                   run lines
        kaizen VERB FILE …                  load a file and run one verb on it
        kaizen replay x.md [-p name=value] [--check | --accept] [-o copy.md]
        kaizen promote x.md FOLDER          make a pipeline of a notebook
        kaizen pipeline run pipeline.yaml   run it;  kaizen step run pipeline.yaml ID  runs one step
        kaizen --resume                     the prompt, with the lines of the last session
        kaizen complete LINE POS [--json]   what could stand at a place in a line, for editors
        kaizen completions bash|zsh|fish    the script that completes kaizen in a shell
        kaizen man                          the manual page
        kaizen reference                    print this page

    | option | meaning |
    |---|---|
    | `--threads N` | threads that compute; results do not depend on it |
    | `--format text\|csv\|tsv\|json\|md` | how results are written |
    | `--json` | the same as `--format json` |
    | `--errors text\|json` | how errors are written, to standard error |
    | `--allow PATH` | a folder that a replayed notebook may read and write besides its own |
    | `--no-color` | no colours |

    Standard output that is no terminal has no colours and a width of 80, and nothing is left out. A script
    stops at its first error. A replayed notebook has no shell, writes only below its own folder, and reads
    outside of it only the inputs that it pins.

    ## Output for programs

    `--format csv` and `tsv` write data alone: a frame, the first table of a report, the counts of a plot, each
    with a header, one behind the other. All else goes to standard error, so that
    `kaizen --format csv -c "…" > x.csv` holds data only. `md` writes Markdown.

    `--json` writes one JSON object a line for each result shown. Numbers have full precision, dates are ISO 8601
    text, durations ISO 8601 periods, null is `null`, and no row is left out. One-line messages (a binding, a
    loaded file) go to standard error. Every object has a `kind`; the rest goes by it:

    | kind | keys |
    |---|---|
    | `frame` | `row_count`; `columns`: `name`, `type`; `rows`: an object a row; `notes` where something was left out |
    | `scalar` | `type`, `value` |
    | `describe` | `rows`, `column_count`, then a table a family of types: `number`, `time`, `text`, `bool` |
    | `schema`, `missing` | `rows`, …, `columns`: an object a column |
    | `tabulate` | of one column `n`, `distinct`, `nulls`, `values`: `value`, `count`, `share`; of two `table` |
    | `histogram` | `variable`, `edges`, `labels`, `bin`, `panels`: `group`, `n`, `nulls`, `counts`; `notes` |
    | `bars` | `variable`, `measure`, `bars`: `label`, `value`; `notes` |
    | `scatter` | `x`, `y`, their ranges, `series`: `label`, `x`, `y`, `weights`; `lines`: `label`, `intercept`, `slope`; `notes` |
    | `ols`, `logit` | `terms`: `term`, `estimate`, `std_error`, `statistic`, `p`, `interval`; `formula`, `n`, `left_out`, then `r2`, `adjusted_r2`, `residual_sd`, `f`, … or `pseudo_r2`, `aic`, `deviance`, … |
    | `check`, `gate` | `passed`, `conditions`: `passed`, `condition`, `detail` |
    | `evaluation` | `n`, `left_out`, a key a metric, `metrics`, and for a logistic model `confusion` and `calibration` |
    | other reports | their facts, then each table as an array of objects under its key |

    A replay writes one object a cell: `kind` is `cell`, then `id` and `outputs`. With `--errors json` an error is
    one object on standard error: `kind` is `error`, then `code`, `message`, `exit` (the exit status) and, where
    known, `line` and `column` (from 1, in characters), `start` and `end` (in bytes), `label`, `notes`, `hints`.
    """#
}
