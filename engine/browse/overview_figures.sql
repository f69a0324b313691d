-- One row: the metric english_gap of a dataset, over the models (of `models`; NULL: all) that were measured in one of the
-- languages at least. `n_others`: the languages other than English with figures.
select
    coalesce(n_models, 0) as n_models, n as n_facts, n_others, english, english_low, english_high, others, gap,
    ci_low as gap_low, ci_high as gap_high
from (select 1)
left join english_gap($models::varchar[], [$dataset::varchar], $languages::varchar[]) on true
