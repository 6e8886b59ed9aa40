#if canImport(CLibEdit)
  import CLibEdit

  /// Ctrl-R.
  extension InteractiveReader {
    func beginSearch() -> Int32 {
      search = HistorySearch(entries: history.entries, original: line)
      hint = ""
      showSearchPrompt()
      return CC_REFRESH
    }

    private func showSearchPrompt() {
      guard let search else { return showOwnPrompt() }
      let failed = search.hasFailed ? "nothing " : ""
      let mark = terminal.usesUTF8 ? "›" : ">"
      setPrompt("\(failed)back to \"\(search.pattern)\" \(mark) ")
    }

    /// What a key does in a search. One that ends the search is given to libedit afterwards.
    func searchKey(_ key: Unicode.Scalar) {
      guard var state = search else { return }
      switch key {
      case "\u{12}": state.again(step: -1)
      case "\u{13}": state.again(step: 1)
      case "\u{08}", "\u{7F}": state.shorten()
      case "\u{07}":
        search = nil
        showOwnPrompt()
        show(state.original)
        return
      case "\u{00}"..<"\u{20}":
        endSearch()
        injected.append(key.value)
        return
      default: state.extend(with: key)
      }
      search = state
      showSearchPrompt()
      show(state.line)
    }

    /// Takes the match: any other control key does that, and then what it does.
    func endSearch() {
      guard let state = search else { return }
      search = nil
      showOwnPrompt()
      show(state.original)
      if state.line != state.original { change(to: state.line) }
    }
  }
#endif
