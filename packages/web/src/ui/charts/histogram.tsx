import type { ScoreDistributionItem } from "@pandaprobe/sdk";

/** The distribution of scores from 0 to 1; bars may be links. */
export function Histogram({
  buckets,
  label,
  hrefOf,
}: {
  buckets: readonly ScoreDistributionItem[];
  label: string;
  hrefOf?: (bucket: ScoreDistributionItem) => string;
}) {
  const most = Math.max(1, ...buckets.map(({ count }) => count));
  return (
    <figure class="histogram" aria-label={`Distribution of ${label}`}>
      {buckets.map((bucket) => {
        const text = `${bucket.count} from ${bucket.bucket_min} to ${bucket.bucket_max}`;
        const bar = (
          <span
            class="histogram-bar"
            style={{
              "--score": (bucket.bucket_min + bucket.bucket_max) / 2,
              height: bucket.count === 0 ? "1px" : `${Math.max(4, (bucket.count / most) * 100)}%`,
            }}
          />
        );
        return hrefOf === undefined || bucket.count === 0 ? (
          <span key={bucket.bucket} class="histogram-slot" title={text}>
            {bar}
          </span>
        ) : (
          <a key={bucket.bucket} class="histogram-slot" title={text} aria-label={text} href={hrefOf(bucket)}>
            {bar}
          </a>
        );
      })}
    </figure>
  );
}
