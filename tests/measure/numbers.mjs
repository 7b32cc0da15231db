// Percentiles and the like. Knows numbers only.

export const sorted = (values) => [...values].sort((a, b) => a - b);

// The value below which `share` of all lie; of an empty list, NaN.
export function percentile(values, share) {
    if (values.length === 0) return NaN;
    const all = sorted(values);
    const place = share * (all.length - 1);
    const low = Math.floor(place);
    const high = Math.min(low + 1, all.length - 1);
    return all[low] + (all[high] - all[low]) * (place - low);
}

export const median = (values) => percentile(values, 0.5);
export const mean = (values) => values.reduce((sum, one) => sum + one, 0) / values.length;

export function summary(values) {
    const middle = mean(values);
    return {
        count: values.length,
        p50: percentile(values, 0.5),
        p95: percentile(values, 0.95),
        p99: percentile(values, 0.99),
        min: percentile(values, 0),
        max: percentile(values, 1),
        mean: middle,
        sd: Math.sqrt(mean(values.map((one) => (one - middle) ** 2))),
    };
}
