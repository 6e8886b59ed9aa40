extension StateUpdate {
  /// Whether the rows must be gone through a second time, after `center`.
  var needsDeviations: Bool { !moments.isEmpty }

  /// Finds the means of `count` groups, about which `addDeviations` then takes moments.
  func center(_ states: States, count: Int) {
    for step in moments {
      for group in 0..<count {
        let state = states + group &* stride
        let rows = Double(state[step.countWord])
        let sum =
          step.isWide
          ? Double(nearest: wideSum(state + step.sumWord))
          : columns[step.column].isFloat
            ? Double(bitPattern: state[step.sumWord])
            : Double(Int64(bitPattern: state[step.sumWord]))
        (state + step.word).set(rows == 0 ? 0 : sum / rows)
      }
    }
  }

  /// Takes in the deviations of a block's rows from their groups' means.
  ///
  /// SAFETY: as of `add`.
  func addDeviations(_ block: RowBlock, to states: States, _ room: BlockRoom) {
    for step in moments {
      let valid = room.valid(block, columns[step.column].validity)
      let values = sources[step.column].numbers(valid, room.floats(0))
      let isFourth = step.power == 4
      for place in 0..<valid.count {
        let state = states + (Int(valid.offsets[place]) &+ step.word)
        let deviation = values[place] - Double(bitPattern: state[0])
        let square = deviation * deviation
        (state + 1).add(deviation)
        (state + 2).add(square)
        if isFourth {
          (state + 3).add(square * deviation)
          (state + 4).add(square * square)
        }
      }
      for other in step.others {
        // Columns with comoments have the same nulls.
        let others = sources[other.column].numbers(valid, room.floats(1))
        for place in 0..<valid.count {
          let state = states + Int(valid.offsets[place])
          let first = values[place] - Double(bitPattern: state[step.word])
          let second = others[place] - Double(bitPattern: state[other.momentWord])
          (state + other.word).add(first * second)
        }
      }
    }
  }

  /// Takes from the moments of `count` groups what their centers were off the means.
  func finishDeviations(_ states: States, count: Int) {
    for step in moments {
      for other in step.others {
        for group in 0..<count {
          let state = states + group &* stride
          let rows = Double(state[step.countWord])
          if rows == 0 { continue }
          let product =
            Double(bitPattern: state[step.word + 1])
            * Double(bitPattern: state[other.momentWord + 1])
          (state + other.word).add(-product / rows)
        }
      }
    }
    for step in moments {
      for group in 0..<count {
        let state = states + group &* stride
        let rows = state[step.countWord]
        if rows == 0 { continue }
        let moment = state + step.word
        let sum = Double(bitPattern: moment[1])
        moment.add(sum / Double(rows))
        (moment + 2).set(
          squaresAboutMean(
            Double(bitPattern: moment[2]), sum: sum, count: UInt32(truncatingIfNeeded: rows)))
      }
    }
  }
}

/// The 128-bit sum in two words.
func wideSum(_ words: UnsafeMutablePointer<UInt64>) -> Int128 {
  Int128(Int64(bitPattern: words[1])) << 64 | Int128(words[0])
}
