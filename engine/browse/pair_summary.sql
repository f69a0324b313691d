-- One row: a model on a dataset over the chosen languages: the metrics mean_of_languages and mean_of_pairs, the latter of
-- `measure`, the name of a measure of pairs; the most one-sided pair, and the fewest and most facts of a pair.
with pairs as (
    from mean_of_pairs([$model::varchar], [$dataset::varchar], $languages::varchar[])
),
counted as (
    select
        min(n)::bigint as n_least, max(n)::bigint as n_most,
        max(n_only_a) filter (where n > 0) as widest,
        arg_max([language_a::varchar, language_b::varchar], (n_only_a, language_a::varchar, language_b::varchar))
            filter (where n > 0) as widest_pair
    from pair_cells
    where model = try_cast($model as model_id) and dataset = try_cast($dataset as dataset_id)
        and list_contains($languages::varchar[], language_a::varchar)
        and list_contains($languages::varchar[], language_b::varchar) and language_a <> language_b
)
select
    l.mean as mean_accuracy, l.ci_low as accuracy_low, l.ci_high as accuracy_high, l.lowest, l.highest,
    l.n_most as n_facts, coalesce(l.n_languages, 0) as n_languages,
    p.mean as mean_value, p.ci_low as mean_low, p.ci_high as mean_high, c.mean as mean_above_chance,
    coalesce(p.n_pairs, 0) as n_pairs, counted.n_least, counted.n_most,
    p.strongest, string_split(p.strongest_pair, '.') as strongest_pair,
    p.weakest, string_split(p.weakest_pair, '.') as weakest_pair, widest, widest_pair
from counted
left join mean_of_languages([$model::varchar], [$dataset::varchar], $languages::varchar[]) as l on l.measure = 'accuracy'
left join pairs as p on p.measure = $measure
left join pairs as c on c.measure = 'above_chance'
