import { limits } from "@pandaprobe/contract";
import { type RawBuilder, sql } from "kysely";

/** Columns of a trace that a write adds to. Merged in the database, so that no concurrent write is lost. */

/** An object with the keys of both, in their order. A key that both have keeps its place and gets the sent value. */
export function mergedJson(stored: RawBuilder<unknown>, sent: RawBuilder<unknown>) {
  return sql<string>`(
    select ('{' || coalesce(string_agg(to_json(key)::text || ':' || value, ',' order by place), '') || '}')::json
    from (
      select key, (array_agg(value::text order by place desc))[1] as value, min(place) as place
      from (
        select key, value, place from json_each(${stored}) with ordinality as stored(key, value, place)
        union all
        select key, value, 1e9 + place from json_each(${sent}) with ordinality as sent(key, value, place)
      ) as every
      group by key
    ) as merged)`;
}

/** The stored tags, then the new ones, up to the limit: `unitedTags` of the contract. */
export function unitedColumn(stored: RawBuilder<unknown>, sent: RawBuilder<unknown>) {
  return sql<string>`(${stored} || array(
    select tag from unnest(${sent}) with ordinality as sent(tag, place)
    where tag <> all(${stored}) order by place
  ))[1:greatest(${limits.tags}, cardinality(${stored}))]`;
}

export const hasLargeMetadata = sql<boolean>`octet_length(traces.metadata::text) > ${limits.objectBytes}`;
