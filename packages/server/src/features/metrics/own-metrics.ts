import {
  limits,
  type MetricDefinition,
  type MetricListItem,
  type MetricResponse,
  type MetricVersionPage,
} from "@pandaprobe/contract";
import {
  builtInMetricItems,
  builtInMetricResponse,
  checkMetricCount,
  checkNewMetricName,
  isSameDefinition,
  judgeOf,
  noOwnMetric,
  notFound,
  type OwnMetric,
  ownMetricItem,
  ownMetricResponse,
  type StoredOwnMetric,
} from "@pandaprobe/contract/rules";
import { type SqlBool, sql } from "kysely";
import type { Database, DatabaseTransaction } from "../../db/database.ts";
import { toJson } from "../../db/storable.ts";
import { inTransaction } from "../../db/transaction.ts";
import type { Judges } from "../../judge/judges.ts";

type Db = Database | DatabaseTransaction;

/** How many deleted metrics of a project are kept for their version numbers. */
const mostDeleted = 1000;

/** The project's own metrics of these names, at their latest versions. */
export async function findOwnMetrics(
  db: Db,
  projectId: string,
  names: readonly string[],
): Promise<ReadonlyMap<string, OwnMetric>> {
  if (names.length === 0) return new Map();
  const found = await latestVersions(db, projectId)
    .where("metric.name", "in", [...new Set(names)])
    .execute();
  return new Map(found.map((metric) => [metric.name, metric]));
}

/** The names of the project's own metrics. */
export async function ownMetricNames(db: Db, projectId: string): Promise<string[]> {
  const found = await latestVersions(db, projectId).orderBy("metric.name").execute();
  return found.map(({ name }) => name);
}

/** `undefined` if the project has no such metric, or the version is no longer stored. */
export async function findMetricVersion(
  db: Database,
  projectId: string,
  name: string,
  version: number,
): Promise<OwnMetric | undefined> {
  return db
    .selectFrom("metric_versions")
    .select(["name", "version", "definition"])
    .where("project_id", "=", projectId)
    .where("name", "=", name)
    .where("version", "=", version)
    .executeTakeFirst();
}

export async function listAllMetrics(db: Database, projectId: string): Promise<MetricListItem[]> {
  const own = await latestVersions(db, projectId).orderBy("metric.name").execute();
  return [...builtInMetricItems(own.map(({ name }) => name)), ...own.map(ownMetricItem)];
}

/** @throws ProblemError `not_found` */
export async function getMetric(db: Database, projectId: string, name: string): Promise<MetricResponse> {
  const own = await latestVersions(db, projectId).where("metric.name", "=", name).executeTakeFirst();
  const found = own === undefined ? builtInMetricResponse(name) : ownMetricResponse(own);
  if (found === undefined) throw notFound("metric", name);
  return found;
}

/**
 * Stores a definition as a new version, unless it is the same as the latest one.
 *
 * @throws ProblemError for a judge that cannot be used; `validation_error` for a new metric with the name of a
 * built-in one; `quota_exceeded`
 */
export async function putMetric(
  { db, judges }: { readonly db: Db; readonly judges: Judges },
  projectId: string,
  name: string,
  definition: MetricDefinition,
): Promise<MetricResponse> {
  judges.resolve(judgeOf(definition), {});
  return inTransaction(db, async (transaction) => {
    // Makes other changes of the project's metrics wait, so that the count stays correct until commit.
    await sql`select from projects where id = ${projectId} for no key update`.execute(transaction);
    const before = await latestVersions(transaction, projectId)
      .where("metric.name", "=", name)
      .executeTakeFirst();
    if (before !== undefined && isSameDefinition(before.definition, definition))
      return ownMetricResponse(before);
    if (before === undefined) {
      checkNewMetricName(name);
      checkMetricCount(await countMetrics(transaction, projectId));
      await forgetDeleted(transaction, projectId);
    }
    await sql`
      insert into metrics as metric (project_id, name, version) values (${projectId}, ${name}, 1)
      on conflict (project_id, name) do update set version = metric.version + 1, deleted_at = null,
        created_at = case when metric.deleted_at is null then metric.created_at else now_ms() end`.execute(
      transaction,
    );
    await sql`
      insert into metric_versions (project_id, name, version, definition)
      select project_id, name, version, ${toJson(definition)}::json from metrics
      where project_id = ${projectId} and name = ${name}`.execute(transaction);
    await sql`
      delete from metric_versions old using metrics metric
      where metric.project_id = ${projectId} and metric.name = ${name}
        and old.project_id = metric.project_id and old.name = metric.name
        and old.version <= metric.version - ${limits.ownMetric.versions}`.execute(transaction);
    const stored = await latestVersions(transaction, projectId)
      .where("metric.name", "=", name)
      .executeTakeFirstOrThrow();
    return ownMetricResponse(stored);
  });
}

/** Newest first. @throws ProblemError `not_found` */
export async function listMetricVersions(
  db: Database,
  projectId: string,
  name: string,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<MetricVersionPage> {
  const versions = db
    .selectFrom("metric_versions")
    .where("project_id", "=", projectId)
    .where("name", "=", name);
  const [{ total }, items] = await Promise.all([
    versions.select((row) => row.fn.countAll<number>().as("total")).executeTakeFirstOrThrow(),
    versions
      .select(["version", "definition", "created_at"])
      .orderBy("version", "desc")
      .limit(limit)
      .offset(offset)
      .execute(),
  ]);
  if (total === 0) throw noOwnMetric(name);
  return { items, total, limit, offset };
}

/** @throws ProblemError `not_found` */
export async function deleteMetric(db: Database, projectId: string, name: string): Promise<void> {
  await inTransaction(db, async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable("metrics")
      .set({ deleted_at: sql<string>`now_ms()` })
      .where("project_id", "=", projectId)
      .where("name", "=", name)
      .where("deleted_at", "is", null)
      .executeTakeFirstOrThrow();
    if (numUpdatedRows === 0n) throw noOwnMetric(name);
    await transaction
      .deleteFrom("metric_versions")
      .where("project_id", "=", projectId)
      .where("name", "=", name)
      .execute();
  });
}

function latestVersions(db: Db, projectId: string) {
  return db
    .selectFrom("metrics as metric")
    .innerJoin("metric_versions as latest", (join) =>
      join
        .onRef("latest.project_id", "=", "metric.project_id")
        .onRef("latest.name", "=", "metric.name")
        .onRef("latest.version", "=", "metric.version"),
    )
    .where("metric.project_id", "=", projectId)
    .where("metric.deleted_at", "is", null)
    .select([
      "metric.name",
      "metric.version",
      "latest.definition",
      "metric.created_at",
      "latest.created_at as updated_at",
    ])
    .$castTo<StoredOwnMetric>();
}

async function countMetrics(db: DatabaseTransaction, projectId: string): Promise<number> {
  const { count } = await db
    .selectFrom("metrics")
    .select((row) => row.fn.countAll<number>().as("count"))
    .where("project_id", "=", projectId)
    .where("deleted_at", "is", null)
    .executeTakeFirstOrThrow();
  return count;
}

/** Purges the metrics that were deleted first. */
async function forgetDeleted(db: DatabaseTransaction, projectId: string): Promise<void> {
  await db
    .deleteFrom("metrics")
    .where("project_id", "=", projectId)
    .where(
      sql<SqlBool>`name in (
        select name from metrics where project_id = ${projectId} and deleted_at is not null
        order by deleted_at desc offset ${mostDeleted - 1})`,
    )
    .execute();
}
