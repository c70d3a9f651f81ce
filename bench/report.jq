# SPDX-License-Identifier: Apache-2.0
# From the samples to a table, or with $json to an object.

def quantile($q): sort | .[((length - 1) * $q) | round];
def median: sort | if length % 2 == 1 then .[length / 2 | floor] else (.[length / 2 - 1] + .[length / 2]) / 2 end;

# What each system is called in the table.
def title: {berth: $berth, lxc: "LXC (overlay)", nspawn: "nspawn (btrfs)"}[.] // .;

# How a measure's values are shown; the others are microseconds.
def unit:
  if test("memory|processes|heap") then {name: "KiB", scale: 1024}
  elif test("throughput|sftp") then {name: "MiB/s", scale: 1048576, rate: true}
  elif test("a second") then {name: "1/s", scale: 1, rate: true}
  elif test("held") then {name: "number", scale: 1, rate: true}
  else {name: "ms", scale: 1000} end;
def round_to($digits): . * pow(10; $digits) | round / pow(10; $digits);

def measures: reduce .[] as $sample ([]; if index([$sample.measure]) then . else . + [$sample.measure] end);

def summary:
  . as $samples
  | [measures[] as $measure
    | ($samples | map(select(.measure == $measure))) as $of
    | {
        measure: $measure,
        unit: ($measure | unit.name),
        systems: [($of | map(.system) | reduce .[] as $name ([]; if index([$name]) then . else . + [$name] end))[] as $system
          | ($of | map(select(.system == $system))) as $own
          | ($measure | unit.scale) as $scale
          | ($own | map(.value / $scale)) as $values
          | {
              system: ($system | title), samples: ($own | length), busy: ($own | map(select(.busy)) | length),
              median: ($values | median), p10: ($values | quantile(0.1)), p90: ($values | quantile(0.9)),
              p99: ($values | quantile(0.99))
            }]
      }
    | (first(.systems[] | select(.system | startswith("Berth"))).median // null) as $base
    | .systems |= map(. + {ratio:
        (if $base == null or $base == 0 or .median == 0 then null elif ($measure | unit.rate) then $base / .median else .median / $base end)})];

def figure_of($measure; $system; $name): first(.[] | select(.measure == $measure).systems[] | select(.system == $system or (.system | startswith($system)) and $system == "Berth"))[$name] // null;
def value_of($measure; $system): figure_of($measure; $system; "median");

# What issue 4 asks for: the gateway's figure over sshd's, at most or at least so much.
def ssh_demands: . as $all
  | def ratio($measure; $name): figure_of($measure; "Berth"; $name) as $ours | figure_of($measure; "sshd inside"; $name) as $theirs
      | if $ours == null or $theirs == null or $theirs == 0 then null else $ours / $theirs end;
  def most($measure; $name; $limit):
      {demand: "\($measure), \($name), over sshd's", limit: $limit, measured: ($all | ratio($measure; $name)), unit: "x"}
      | . + {holds: (if .measured == null then null else .measured <= $limit end)};
  def least($measure; $limit):
      {demand: "\($measure), over sshd's", limit: $limit, measured: ($all | ratio($measure; "median")), unit: "x", least: true}
      | . + {holds: (if .measured == null then null else .measured >= $limit end)};
  if any(.[]; .measure | startswith("ssh ") or startswith("idle ssh")) | not then [] else
  [ most("ssh login"; "median"; 0.5), most("ssh login, processor time of the server"; "median"; 0.7),
    least("ssh logins a second, 16 at once"; 1.5),
    most("ssh echo through a terminal"; "median"; 0.5), most("ssh echo through a terminal"; "p99"; 1.2),
    (("down", "up") as $way | ("aes128-gcm", "aes256-gcm", "chacha20-poly1305") as $cipher | least("ssh throughput \($way), \($cipher)"; 1.1)),
    least("ssh sftp get"; 1), least("ssh sftp put"; 1.2),
    (value_of("memory of an idle ssh connection"; "Berth") as $each
      | {demand: "memory of an idle ssh connection", limit: 153.6, measured: $each, unit: "KiB", holds: (if $each == null then null else $each <= 153.6 end)}),
    (first(.[] | select(.measure | startswith("idle ssh connections held")).systems[0].median) // null) as $held
      | {demand: "idle ssh connections held", limit: 5000, measured: $held, unit: "", least: true, holds: (if $held == null then null else $held >= 5000 end)},
    (value_of("ssh to a stopped container"; "Berth") as $wake
      | {demand: "ssh to a stopped container", limit: 500, measured: $wake, unit: "ms", holds: (if $wake == null then null else $wake < 500 end)}) ] end;

# What issue 3 asks for: all of isolation costs a tenth at most.
def isolation_demands: . as $all
  | def cost($measure): value_of($measure; "Berth") as $with | value_of($measure; "without any of them") as $without
      | (if $with == null or $without == null or $without == 0 then null else $with / $without end) as $cost
      | {demand: "\($measure), over that without any of them", limit: 1.1, measured: $cost, unit: "x",
         holds: (if $cost == null then null else $cost <= 1.1 end)};
  if any(.[]; .measure | startswith("isolation")) | not then [] else
  [ cost("isolation: create -> shell"), cost("isolation: attach + exec, warm") ] end;

# What issue 2 asks for, against this run.
def demands: . as $all
  | def below($what; $value; $limit; $unit):
      {demand: $what, limit: $limit, measured: $value, unit: $unit, holds: (if $value == null or $limit == null then null else $value <= $limit end)};
  [ below("attach + exec of a static program in the agent, warm"; value_of("attach + exec, warm"; "Berth"); 1; "ms"),
    below("create + start -> a shell"; value_of("create -> shell"; "Berth"); 60; "ms"),
    below("create -> running, beyond systemd's own boot"; value_of("create -> running, beyond systemd's own boot"; "Berth"); 50; "ms"),
    below("host memory per idle container beside its own processes"; value_of("host memory beside its processes"; "Berth"); 64; "KiB"),
    below("p50 of an emulated mknod"; value_of("mknod of a null device"; "Berth"); 0.15; "ms"),
    below("login through the gateway, against sshd inside"; value_of("login"; "Berth"); value_of("login"; "sshd inside"); "ms") ];

def figure: if . == null then "–" elif . >= 100 then round_to(0) elif . >= 10 then round_to(1) else round_to(2) end | tostring;
def pad($width): . + (" " * ([$width - length, 0] | max));
def lead($width): (" " * ([$width - length, 0] | max)) + .;
def row($cells): ($cells[0] | pad(50)) + ($cells[1] | pad(24)) + ([$cells[2:][] | lead(10)] | join(""));

def table:
  row(["measure", "system", "median", "p10", "p90", "ratio", "samples", "busy"]),
  (.measures[] | . as $measure | .systems | to_entries[] as $entry | $entry.value
    | row([(if $entry.key == 0 then "\($measure.measure), \($measure.unit)" else "" end), .system,
        (.median | figure), (.p10 | figure), (.p90 | figure), (if .ratio == null then "–" else "\(.ratio | figure)x" end),
        (.samples | tostring), (.busy | tostring)])),
  "",
  (.demands[] | (if .holds == null then "not measured" elif .holds then "holds" else "DOES NOT HOLD" end | pad(15))
    + "\(.demand): \(.measured | figure) \(.unit), at \(if .least then "least" else "most" end) \(.limit | figure)"),
  (if (.missing | length) > 0 then "" else empty end),
  (.missing[] | "MISSING  \(.system | title), \(.measure): \(.why)"),
  (if any(.measures[].systems[]; .busy > 0) then "", "Samples under busy were taken on a machine that was not 80% idle within \($quiet) s: don't trust them." else empty end);

map(select(.measure and .value)) as $samples
| {machine: $machine, date: $date, berth: $berth}
  + {measures: ($samples | summary), missing: map(select(.missing) | {system: .missing, measure, why})}
| . + {demands: (.measures | demands + isolation_demands + ssh_demands)}
| if $json == "yes" then . else "Berth's bench, \(.date), \(.machine)", "", table end
