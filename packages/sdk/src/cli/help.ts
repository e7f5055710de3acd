import { connectionHelp } from "./connect.ts";
import { filterNames, wrapped } from "./filters.ts";

/** The commands. */
export const mainHelp = `Usage: pandaprobe <command> [options]

  eval        evaluate traces or sessions, and fail if they miss a threshold
  export      write traces or scores to a file
  import      store exports of Langfuse, Phoenix or pandaprobe export

  --help      show this help, or the options of a command
  --version   show the version of @pandaprobe/sdk
`;

/** The options of `eval`. */
export const evalHelp = `Usage: pandaprobe eval --metrics <names> [options]

Evaluates stored traces (or sessions) of a project, waits for their scores and prints them. Exits with 1 if a threshold
is missed or a metric got worse:

  pandaprobe eval --filter release=v42 --min task_completion=0.8 --min-rate tool_correctness=0.95
  pandaprobe eval --filter release=v42 --metrics task_completion --baseline release=v41 --markdown comment.md
  pandaprobe eval --since 24h --sample 0.1 --metrics task_completion,coherence --estimate
  pandaprobe eval --sessions --filter tags=support --min agent_reliability=0.7 --junit report.xml

What to evaluate
      --metrics <names>       metrics, separated by commas: task_completion, coherence, …; for sessions
                              agent_reliability, agent_consistency. Metrics with a threshold need not be listed
      --filter <name=value>   only targets that match; repeat it for more filters, which must all match (tags: any)
                              for traces: ${wrapped(filterNames.trace)}
                              for sessions: ${wrapped(filterNames.session)}
      --since <time>          only recent ones: 90s, 30m, 24h, 7d, 2w; the same as --filter date_from=<then>
      --sample <share>        a random share of the matches, above 0 up to 1 (1); at least one
      --trace <id>            exactly this trace, instead of filters; repeat it for more
      --sessions              evaluate sessions, not traces
      --session <id>          exactly this session; repeat it for more
      --run <id>              create no run: wait for this one, and check it against the thresholds

How to judge
      --model <model>         the judge, as provider/model; by default the server's
      --judges <models>       a jury instead: 2 to 9 models, separated by commas
      --aggregate <how>       how the jury decides: mean (the default), majority or unanimous
      --repeats <n>           how often each question is judged, from 1 to 10 (1); the score is the mean
      --threshold <metric=n>  the lowest score that passes, from 0 to 1 (0.5); repeat it for more
      --fresh                 ask the judge again instead of using cached answers
      --prefer <whose>        whose scores replace the judge's, if the trace has not changed since: a person's
                              (person, the default), any ANNOTATION (annotation), or none
      --max-cost-usd <n>      the most that the judge's calls may cost, in US dollars (no limit)
      --estimate              create no run: estimate its judge calls and cost, and exit with 0
      --name <text>           a label for people

Thresholds
      --min <metric=n>        the lowest mean of a metric's scores, from 0 to 1; repeat it for more
      --min-rate <metric=n>   the lowest share of a metric's scores that pass, from 0 to 1; repeat it for more
      --max-failed <n>        how many scores may fail, for example because the judge did not answer (0)

Comparison: if a metric got worse, and not by chance, the command fails as with a missed threshold
      --baseline <name=value> what to compare with: the newest scores of the traces that match (release=v41, tag=main
                              and all other filters; repeat it for more), or run=<id>
      --pair-by <field>       which traces are the same case: metadata.<key>, input, trace_id or none
                              (metadata.case_id if any traces have it, otherwise none)

Output: results go to standard output, progress and messages to standard error
      --json                  a JSON document instead of the table
      --junit <file>          also a JUnit report, with one test per threshold, even without a result;
                              - prints it instead of the table
      --markdown <file>       also a Markdown report, for a comment on a pull request
      --worst <n>             how many of a metric's lowest scores to show (5)
      --no-color              no colors; the environment variable NO_COLOR has the same effect
  -q, --quiet                 no progress, and no messages except errors

${connectionHelp}      --timeout <time>        how long to wait for the run: 90s, 30m, 24h (30m); the run continues after that
  -h, --help                  show this help

Ctrl-C cancels the run that the command created; a second one exits at once. The end of npx or npm, if it started the
command, cancels the run too. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are respected.

Exit codes: 0 passed; 1 a threshold was missed, or a metric got worse; 2 wrong usage: an option, a name, the key; 3 no
result: the server could not be reached, the run failed or did not end in time; 129, 130, 143 interrupted.
`;
