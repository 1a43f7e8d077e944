/** Width of the drawing, in samples. */
const samples = 60;
const height = 24;

/** A line of the last rates, newest at its end. The number beside it says the present one. */
export function Spark({ of }: { of: readonly number[] }) {
  const top = of.reduce((most, each) => Math.max(most, each), 1);
  const first = samples - of.length;
  const points = of.map(
    (value, index) => `${first + index} ${(height - 1 - (value / top) * (height - 3)).toFixed(1)}`,
  );
  const line = points.length === 0 ? '' : `M${points.join('L')}`;
  return (
    <svg class="spark" viewBox={`0 0 ${samples - 1} ${height}`} preserveAspectRatio="none" aria-hidden="true">
      {line !== '' && (
        <>
          <path class="area" d={`${line}V${height}H${first}Z`} />
          <path class="stroke" d={line} vector-effect="non-scaling-stroke" />
        </>
      )}
    </svg>
  );
}
