-- One row: a model on a dataset over the chosen languages: spread of the accuracy, mean of the pairs, and the strongest,
-- weakest and most one-sided pair, and the facts of a pair. `measure` is overlap, above_chance or transfer. Intervals of means as in
-- model_summary.sql; above_chance has none.
with chosen as (
    select
        *, language_a::varchar as a, language_b::varchar as b,
        case $measure when 'overlap' then overlap when 'above_chance' then above_chance else transfer end as value,
        case $measure when 'overlap' then overlap_low when 'transfer' then transfer_low end as low,
        case $measure when 'overlap' then overlap_high when 'transfer' then transfer_high end as high
    from pair_cells
    where model = try_cast($model as model_id) and dataset = try_cast($dataset as dataset_id)
        and list_contains($languages::varchar[], a) and list_contains($languages::varchar[], b)
),
pairs as (
    select
        avg(value) as mean_value, avg(low) as mean_low, avg(high) as mean_high,
        avg(above_chance) as mean_above_chance, (count(value) / 2)::bigint as n_pairs,
        min(n)::bigint as n_least, max(n)::bigint as n_most,
        max(value) as strongest, arg_max([a, b], (value, a, b)) filter (where value is not null) as strongest_pair,
        min(value) as weakest, arg_min([a, b], (value, a, b)) filter (where value is not null) as weakest_pair,
        max(n_only_a) filter (where n > 0) as widest, arg_max([a, b], (n_only_a, a, b)) filter (where n > 0) as widest_pair
    from chosen where a <> b
),
levels as (
    select
        avg(accuracy) as mean_accuracy, avg(overlap_low) as accuracy_low, avg(overlap_high) as accuracy_high,
        min(accuracy) as lowest, max(accuracy) as highest,
        max(n)::bigint as n_facts, count(accuracy)::bigint as n_languages
    from chosen where a = b
)
select * from levels cross join pairs
