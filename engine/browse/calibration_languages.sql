-- One row per chosen language of a lab model: what its right answers are made of, the measure crossed with its two shares,
-- and what RA and the mean overlap with the other chosen languages say.
select
    p.language::varchar as language, p.n, p.n_right, p.n_here, p.n_elsewhere, p.n_nowhere,
    p.stored, p.crossed as crossed_share, p.guessed, p.ci_low as share_low, p.ci_high as share_high,
    x.accuracy_elsewhere, x.accuracy_nowhere, x.crossed, x.ci_low as crossed_low, x.ci_high as crossed_high,
    x.n_known, x.accuracy_known, x.crossed_known,
    m.ra, m.overlap
from right_answers_made_of as p
join crossed as x using (model, dataset, language, strings)
left join (
    select
        model, dataset, language, any_value(value) filter (where measure = 'ra') as ra,
        any_value(value) filter (where measure = 'overlap') as overlap
    from measured_and_crossed([$model::varchar], [$dataset::varchar], $languages::varchar[])
    group by all
) as m using (model, dataset, language)
where p.model = try_cast($model as model_id) and p.dataset = try_cast($dataset as dataset_id) and p.strings = $strings
    and list_contains($languages::varchar[], p.language::varchar)
order by language
