import { filterNames } from "./filters.ts";

/** What there is. */
export const mainHelp = `Usage: pandaprobe eval [options]

  eval        evaluate traces or sessions, and fail where they are below a bar

  --help      this, or the options of eval
  --version   the version of @pandaprobe/sdk
`;

/** The options of `eval`. */
export const evalHelp = `Usage: pandaprobe eval --metrics <names> [options]

Evaluates stored traces (or sessions) of a project, waits for their scores, prints them, and exits with 1 where they
are below a bar:

  pandaprobe eval --filter release=v42 --min task_completion=0.8 --min-rate tool_correctness=0.95
  pandaprobe eval --since 24h --sample 0.1 --metrics task_completion,coherence --estimate
  pandaprobe eval --sessions --filter tags=support --min agent_reliability=0.7 --junit report.xml

What is evaluated
      --metrics <names>       metrics, separated by commas: task_completion, coherence, …, of sessions
                              agent_reliability, agent_consistency; those that have a bar need not be listed
      --filter <name=value>   only what matches; again for more, which must all hold (tags: any of them)
                              of traces: ${wrapped(filterNames.trace)}
                              of sessions: ${wrapped(filterNames.session)}
      --since <time>          only of late: 90s, 30m, 24h, 7d, 2w; the same as --filter date_from=<then>
      --sample <share>        a share of the matches, drawn by chance: above 0 to 1 (1); one at least
      --trace <id>            exactly this trace, in place of filters; again for more
      --sessions              sessions, and not traces
      --session <id>          exactly this session; again for more
      --run <id>              no new run: wait for one that there is, and hold it to the bars

How it is judged
      --model <model>         the judge, as provider/model; the server's default if left out
      --threshold <metric=n>  from which score on a metric passes, from 0 to 1 (0.5); again for more
      --fresh                 ask the judge anew what it has answered before
      --max-cost-usd <n>      what the judge's calls may cost at the most, in US dollars (no limit)
      --estimate              no run: tell what one would ask the judge, and cost; exits with 0
      --name <text>           a label for people

The bar
      --min <metric=n>        the least mean of a metric's scores, from 0 to 1; again for more
      --min-rate <metric=n>   the least share of a metric's scores that pass, from 0 to 1; again for more
      --max-failed <n>        how many scores may fail, that is, could not be had (0)

Output: results on standard output, progress and messages on standard error
      --json                  one JSON document in place of the table
      --junit <file>          a JUnit report besides, one test for each bar, also where there is no result;
                              - prints it in place of the table
      --worst <n>             how many of a metric's lowest scores to show (5)
      --no-color              no colors; so does the environment variable NO_COLOR
  -q, --quiet                 no progress and no messages but errors

Where
      --endpoint <url>        the server; PANDAPROBE_ENDPOINT, then http://127.0.0.1:8000
      --project <name>        the project; PANDAPROBE_PROJECT_NAME
                              the key comes from PANDAPROBE_API_KEY alone: a command line is no place for it
      --timeout <time>        how long to wait for the run: 90s, 30m, 24h (30m); it goes on after that
  -h, --help                  this

Ctrl-C cancels the run that the command has made; a second one leaves at once. So does the end of npx or npm, where
they started it. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are honoured.

Exit codes: 0 passed; 1 below a bar; 2 wrong use: an option, a name, the key; 3 no result: the server could not be
reached, the run failed or did not end in time; 129, 130, 143 interrupted.
`;

function wrapped(names: string): string {
  return names.replace(/(.{50,72}?, )/g, "$1\n                              ").replaceAll(" \n", "\n");
}
