import Foundation
import TestSupport
import Testing

/// Pipelines whose runner is killed, is not alone, or has no room.
@Suite struct PipelineCrashTests {
  /// `KAIZEN_SLOW_TESTS=1` tries every moment; without it a few.
  static let kills = ProcessInfo.processInfo.environment["KAIZEN_SLOW_TESTS"] == nil ? 6 : 50

  private static let prepare = """
    set -eu
    kaizen -c 'load "datasets/penguins.csv" as p
    check p: count() > 300
    train, test = p | split 80% seed=7
    m = train | fit ols body_mass_g ~ flipper_length_mm + species
    gate m on test: r2 >= 0.5
    heavy = p | filter body_mass_g > 4000
    export heavy "heavy.csv"
    means = p | agg mean(body_mass_g) by species
    export means "means.csv"
    export m "m.kzm"
    save "p.md"' >/dev/null
    kaizen promote p.md pipe >/dev/null
    rm heavy.csv means.csv m.kzm
    state() { sha256sum heavy.csv means.csv m.kzm; }

    """

  private func run(_ script: String) throws -> Program.Result {
    let folder = try ScratchFolder()
    defer { folder.remove() }
    var program = try Program()
    program.timeLimit = Self.kills == 50 ? 1200 : 400
    return try program.run(shell: Self.prepare + script, in: folder)
  }

  @Test func killedAtAnyMomentItGoesOn() throws {
    let result = try run(
      """
      # Moments from the start of a run to a little behind its end, however long that is here.
      begin=$(date +%s%N); kaizen pipeline run pipe/pipeline.yaml >/dev/null; took=$(($(date +%s%N) - begin))
      RANDOM=7; state >expected; total=$(ls pipe/.kaizen/records | wc -l); early=0; late=0
      for ((i = 0; i < \(Self.kills); i++)); do
        rm -rf pipe/.kaizen heavy.csv means.csv m.kzm
        kaizen pipeline run pipe/pipeline.yaml >/dev/null 2>&1 & pid=$!
        sleep "$(awk -v r=$RANDOM -v t=$took 'BEGIN { print 1.1 * t / 1e9 * r / 32768 }')"
        kill -9 $pid 2>/dev/null || true; wait $pid 2>/dev/null || true
        done=$(ls pipe/.kaizen/records 2>/dev/null | grep -c json || true)
        [ $done -gt 0 ] || early=$((early + 1)); [ $done -lt $total ] || late=$((late + 1))
        kaizen pipeline run pipe/pipeline.yaml >log
        state | diff expected - || { echo "other digests after kill $i"; exit 1; }
        again=$(grep -c 'nothing has changed' log || true)
        [ $again -ge $done ] || { echo "$done were done, $again not run again"; cat log; exit 1; }
        [ $(ls pipe/.kaizen/records | wc -l) = $total ] || { echo "records"; exit 1; }
        for object in $(ls pipe/.kaizen/objects); do
          [ "$(sha256sum <pipe/.kaizen/objects/$object | cut -c1-64)" = "${object%%.*}" ] || \\
            { echo "$object is damaged"; exit 1; }
        done
      done
      # Some fell in the middle of a run.
      echo "$early before a step was done, $late after all were"
      [ \(Self.kills) -lt 50 ] || [ $((early + late)) -lt 40 ]
      """)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func ofFourRunnersOneRunsEachStep() throws {
    let result = try run(
      """
      for i in 1 2 3 4; do kaizen pipeline run pipe/pipeline.yaml >log$i 2>&1 & done; wait
      steps=$(grep -c 'id:' pipe/pipeline.yaml)
      cat log?; for i in 1 2 3 4; do grep -q "$steps steps done" log$i; done
      # A step was run where its log does not say that it was taken from the store.
      ran=0; for f in pipe/.kaizen/runs/*/*/log.txt; do grep -q 'taken from the store' $f || ran=$((ran + 1)); done
      echo "ran $ran of $steps"; [ $ran = $steps ]
      """)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func theExitStatusIsSaidEverywhere() throws {
    let result = try run(
      """
      sed -i 's/r2 >= 0.5/r2 >= 0.999/' pipe/pipeline.yaml
      status=0; kaizen pipeline run pipe/pipeline.yaml >out 2>err || status=$?
      [ $status = 6 ]; grep -q 'gate-failed' err; grep -q 'edited' err
      grep -q '"exit_status": 6' pipe/.kaizen/runs/*/gate-m/outcome.json
      kaizen pipeline status pipe/pipeline.yaml >status; cat status
      grep -q 'failed' status; grep -qE 'gate-m +gate-failed +6' status; grep -q 'not run' status
      kaizen pipeline logs pipe/pipeline.yaml --step gate-m | grep -q 'gate failed'
      [ ! -e heavy.csv ]
      # In the step there is what it was given, and a line that works.
      echo 'gate m on test: r2 >= 0.5' | kaizen pipeline attach pipe/pipeline.yaml >attached
      grep -q 'passed' attached
      status=0; echo 'p | count' | kaizen pipeline attach pipe/pipeline.yaml 2>err || status=$?
      [ $status = 1 ]
      """)
    #expect(result.status == 0, "\(result.output)")
  }

  /// A check, an input that is missing and a step whose process is killed: what the run, its outcome,
  /// its status, its logs and its record say is the same.
  @Test func everyFailureIsSaidEverywhere() throws {
    let result = try run(
      """
      agree() {  # STEP KIND STATUS
        run=$(ls -d pipe/.kaizen/runs/* | tail -1)
        [ $status = $3 ] || { echo "exit status $status, not $3"; cat out; exit 1; }
        grep -q "error\\[$2\\]" out
        grep -q '"kind": "'$2'"' $run/$1/outcome.json; grep -q '"exit_status": '$3 $run/$1/outcome.json
        grep -q '"id": "'$1'"' $run/run.json; grep -q '"kind": "'$2'"' $run/run.json
        grep -q '"status": "failed"' $run/run.json; grep -q '"eventType": "FAIL"' $run/openlineage.ndjson
        kaizen pipeline status pipe/pipeline.yaml >status; grep -qE "$1 +$2 +$3" status
        kaizen pipeline logs pipe/pipeline.yaml --step $1 >logs; [ -s logs ]
        kaizen runs >runs; grep -q "$2" runs
        rm -rf pipe/.kaizen
      }
      sed -i 's/count() > 300/count() > 3000/' pipe/pipeline.yaml
      status=0; kaizen pipeline run pipe/pipeline.yaml >out 2>&1 || status=$?
      agree check-p check-failed 5
      sed -i 's/count() > 3000/count() > 300/' pipe/pipeline.yaml
      rm datasets
      status=0; kaizen pipeline run pipe/pipeline.yaml >out 2>&1 || status=$?
      agree read-p no-such-file 4
      ln -s \(Project.path("datasets")) datasets
      kaizen pipeline run pipe/pipeline.yaml >out 2>&1 & pid=$!
      for ((i = 0; i < 30000; i++)); do
        child=$(cat /proc/$pid/task/$pid/children 2>/dev/null) || child=
        [ -z "$child" ] || { kill -9 $child; break; }
        sleep 0.002
      done
      status=0; wait $pid || status=$?
      agree read-p killed 1
      kaizen pipeline run pipe/pipeline.yaml >/dev/null
      """)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func anyNumberOfThreadsGivesTheSameObjects() throws {
    let result = try run(
      """
      for n in 1 2 8; do
        rm -rf pipe/.kaizen; kaizen --threads $n pipeline run pipe/pipeline.yaml >/dev/null
        { state; ls pipe/.kaizen/objects pipe/.kaizen/records; } >objects$n
        kaizen --threads $n replay p.md -o copy$n.md >/dev/null
      done
      diff objects1 objects2; diff objects1 objects8
      cmp copy1.md copy8.md; cmp copy1.md.lock copy8.md.lock; cmp copy1.md.lock copy2.md.lock
      """)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func anyEditIsNamed() throws {
    let result = try run(
      """
      kaizen promote p.md pipe --check
      refused() { status=0; "$@" >out 2>&1 || status=$?; cat out; echo "status $status"; }
      for file in pipeline.yaml checks.kz profile.json; do
        cp pipe/$file saved; line=$(grep -n '[0-9]' pipe/$file | sed -n 5p | cut -d: -f1)
        sed -i "${line}s/[0-9]/7 /" pipe/$file
        refused kaizen promote p.md pipe --check | grep -E "pipe/$file line $line was edited"
        cp saved pipe/$file
      done
      rm pipe/checks.kz; refused kaizen promote p.md pipe --check | grep -E 'checks.kz is missing|status 3'
      kaizen promote p.md pipe >/dev/null
      sed -i 's/8 columns/9 columns/' p.md
      refused kaizen replay p.md --check | grep -E 'line [0-9]+.: the recorded output|status 3'
      refused kaizen promote p.md pipe --check | grep 'checks clean'
      sed -i 's/9 columns/8 columns/; s/> 4000/> 4100/' p.md; kaizen replay p.md --accept >/dev/null
      refused kaizen promote p.md pipe --check | grep 'pipeline.yaml line .* changed after promotion'
      refused kaizen promote p.md pipe --check | grep 'status 3'
      """)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func aHostileNotebookTouchesNothing() throws {
    let result = try run(
      #"""
      mkdir book outside; printf 'a\n1\n' >outside/o.csv; ln -s ../outside book/link; echo secret >outside/s.txt
      printf 'name,v\n"```kaizen\n! touch ../outside/x\n```",1\n"---\nkaizen: 1\n$(touch ../outside/y)",2\n' >book/t.csv
      { ls -lR outside; sha256sum outside/*; } >before
      for line in '! touch ../outside/z' 'export t "../outside/z.csv"' 'export t "link/z.csv"' \
        'load "../outside/o.csv" as o' 'load "link/o.csv" as o' 'load "/etc/passwd" as o' \
        'save "../outside/n.md"' 'source "../outside/s.txt"' 'jupyter "../p.md" to "../outside/z.ipynb"' \
        'graph to "../outside/z.svg"' 'replay "../p.md"' 'runs prune keep=0' 'promote "x.md" to "../outside/p"'; do
        printf -- '---\nkaizen: 1\nparams:\n  k: {type: text, default: "a"}\n---\n```kaizen\nload "t.csv" as t\nt\n%s\n```\n' "$line" >book/x.md
        for command in 'replay book/x.md' 'replay book/x.md --accept' 'replay book/x.md -o book/y.md' \
          'promote book/x.md book/pipe' 'graph book/x.md'; do
          kaizen $command >/dev/null 2>&1 && { echo "ran: $line with $command"; exit 1; } || true
        done
        kaizen -c 'open "book/x.md"' >/dev/null 2>&1 && { echo "opened: $line"; exit 1; } || true
      done
      # What looks like code in a parameter or in data is text.
      printf -- '---\nkaizen: 1\nparams:\n  k: {type: text, default: "a"}\n---\n```kaizen\nload "t.csv" as t\nt\nt | derive k = $k\n```\n' >book/x.md
      kaizen replay book/x.md --accept >/dev/null
      kaizen replay book/x.md -p 'k=$(touch ../outside/w)" | export t "../outside/w.csv' -o book/y.md >/dev/null
      kaizen replay book/y.md --check >/dev/null
      kaizen replay book/x.md --check >/dev/null
      { ls -lR outside; sha256sum outside/*; } | diff before -
      """#)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func otherInputsAreTakenUnlessLocked() throws {
    let result = try run(
      """
      cp -L datasets/penguins.csv own.csv; rm datasets; mkdir datasets; head -320 own.csv >datasets/penguins.csv
      kaizen pipeline run pipe/pipeline.yaml >/dev/null
      status=0; kaizen pipeline run pipe/pipeline.yaml --locked 2>err || status=$?
      cat err; [ $status = 4 ]; grep -q 'datasets/penguins.csv' err
      cp own.csv datasets/penguins.csv; kaizen pipeline run pipe/pipeline.yaml --locked >/dev/null
      """)
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func watchRunsWhenAnInputChanges() throws {
    let result = try run(
      """
      cp -L datasets/penguins.csv own.csv; rm datasets; mkdir datasets; cp own.csv datasets/penguins.csv
      kaizen pipeline watch pipe/pipeline.yaml --count 2 >log 2>&1 & pid=$!
      for ((i = 0; i < 6000; i++)); do grep -q 'steps done' log && break; sleep 0.05; done
      sed -i '$d' datasets/penguins.csv; wait $pid; cat log
      [ $(grep -c 'steps done' log) = 2 ]
      kaizen pipeline watch pipe/pipeline.yaml --every 200ms --count 3 >log; [ $(grep -c 'steps done' log) = 3 ]
      """)
    #expect(result.status == 0, "\(result.output)")
  }

  /// Needs the right to mount; where there is none, there is nothing to see.
  @Test func aFullDiskIsSaidAndHarmsNothing() throws {
    let result = try run(
      """
      mkdir small; mount -t tmpfs -o size=64k none small 2>/dev/null || exit 0
      trap 'umount small' EXIT
      status=0; kaizen pipeline run pipe/pipeline.yaml --store "$PWD/small/s" >out 2>err || status=$?
      cat out err; [ $status = 1 ]; grep -qi 'no space left' err out
      for object in $(ls small/s/objects 2>/dev/null); do
        [ "$(sha256sum <small/s/objects/$object | cut -c1-64)" = "${object%%.*}" ]
      done
      mount -o remount,size=4m small
      kaizen pipeline run pipe/pipeline.yaml --store "$PWD/small/s" >/dev/null
      """)
    #expect(result.status == 0, "\(result.output)")
  }
}
