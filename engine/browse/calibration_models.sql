-- One row per lab model: the metric mean_crossed over the chosen languages; the model that crossed most first.
select
    c.model::varchar as model, k.model as own_name, c.crossed, c.ci_low as crossed_low, c.ci_high as crossed_high,
    c.n_languages, c.n_nowhere, c.n_elsewhere, c.accuracy_nowhere, c.accuracy_elsewhere,
    c.stored, c.crossed_share, c.guessed, c.share_low, c.share_high, c.n_parts, c.ra, c.overlap, c.place, c.ra_place
from mean_crossed($models::varchar[], [$dataset::varchar], $languages::varchar[]) as c
join askings as k on k.label = c.model
where c.strings = $strings
order by c.crossed desc nulls last, c.model
