-- title: Crossed, in the mean over languages
-- level: conductivity
-- meaning: What crossed into a lab model's languages, in the mean over those of the chosen ones in which it is known, with
--   the place that it gives the model among the models chosen; beside it RA and the overlap with the other languages, means
--   over the same languages, and the place that RA gives. `n_elsewhere` and `n_nowhere` are the smallest numbers of facts of
--   a language. Parts of the right answers (stored, crossed_share, guessed) are means over the `n_parts` languages into
--   which something could have crossed and in which all three are known, so that they add up to 1. RA and the overlap are
--   of all names, however they are spelled.
-- range: crossed at most 1, RA 0 upwards; shares 0 to 1
-- direction: one figure per model and spelling (as in accuracy by exposure)
-- interval: of crossed, and (share_low, share_high) of the share that crossed: the mean of the languages' 95 % intervals,
--   too wide rather than too narrow, since it takes the errors of the languages as wholly alike
-- source: Isogloss's own
-- confirmed: yes. Defined here and not from a paper.
-- shape: model
-- scale: share
-- needs: answers, exposure
-- builds-on: crossed, right_answers_made_of, measured_and_crossed
-- parameters: models, datasets, languages
-- columns: model, dataset, strings, n_languages, n_elsewhere, accuracy_elsewhere, n_nowhere, accuracy_nowhere, crossed, place,
--   n_parts, stored, crossed_share, guessed, share_low, share_high, ra, ra_place, overlap
-- key: model, dataset, strings
with truth as (
    select
        model, dataset, strings, avg(crossed) as crossed, avg(ci_low) as ci_low, avg(ci_high) as ci_high,
        count(crossed)::bigint as n_languages,
        (min(n_nowhere) filter (where crossed is not null))::bigint as n_nowhere,
        (min(n_elsewhere) filter (where crossed is not null))::bigint as n_elsewhere,
        avg(accuracy_nowhere) filter (where crossed is not null) as accuracy_nowhere,
        avg(accuracy_elsewhere) filter (where crossed is not null) as accuracy_elsewhere
    from crossed
    where (models is null or model in (select try_cast(unnest(models) as model_id)))
        and (datasets is null or dataset in (select try_cast(unnest(datasets) as dataset_id)))
        and (languages is null or language in (select try_cast(unnest(languages) as language_id)))
    group by model, dataset, strings
),
parts as (
    select
        model, dataset, strings, avg(stored) as stored, avg(crossed) as crossed_share, avg(guessed) as guessed,
        avg(ci_low) as share_low, avg(ci_high) as share_high, count(*)::bigint as n_parts
    from right_answers_made_of
    where stored is not null and n_elsewhere > 0
        and (languages is null or language in (select try_cast(unnest(languages) as language_id)))
    group by model, dataset, strings
),
measured as (
    select
        model, dataset, avg(value) filter (where measure = 'ra') as ra,
        avg(value) filter (where measure = 'overlap') as overlap
    from measured_and_crossed(models, datasets, languages)
    -- the languages of `crossed`, so that the figures of a model speak of the same languages
    where crossed is not null
    group by model, dataset
)
select
    t.*, p.* exclude (model, dataset, strings), m.ra, m.overlap,
    rank() over (partition by dataset, strings order by t.crossed desc nulls last) as place,
    rank() over (partition by dataset, strings order by m.ra desc nulls last) as ra_place
from truth as t
left join parts as p using (model, dataset, strings)
left join measured as m using (model, dataset)
