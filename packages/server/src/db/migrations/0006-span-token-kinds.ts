import { type Kysely, sql } from "kysely";

/**
 * Prompt and completion tokens beside the total, so that statistics need not open `token_usage`. Rows that are there are
 * counted by the rule of `features/traces/span-totals.ts`. The defaults let an older server go on writing.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table spans
      add column prompt_tokens bigint not null default 0,
      add column completion_tokens bigint not null default 0;

    create function pg_temp.number_in(usage json, key text) returns float8 language sql immutable
      return case when json_typeof(usage -> key) = 'number' then (usage ->> key)::float8 end;

    create function pg_temp.tokens(usage json, key text, other text) returns bigint language sql immutable
      return trunc(least(
        greatest(coalesce(pg_temp.number_in(usage, key), pg_temp.number_in(usage, other), 0), 0),
        9007199254740991))::bigint;

    update spans set
      prompt_tokens = pg_temp.tokens(token_usage, 'prompt_tokens', 'input_tokens'),
      completion_tokens = pg_temp.tokens(token_usage, 'completion_tokens', 'output_tokens')
    where json_typeof(token_usage) = 'object';

    drop function pg_temp.tokens;
    drop function pg_temp.number_in;
  `.execute(db);
}
