-- title: Overlap between wordings, in the mean over languages
-- level: consistency
-- meaning: The overlaps between wordings and between languages, in the mean over those of the chosen languages that have
--   both, and in how many of them the interval of the gap lies above 0 (`n_more`: another language changes more) and below
--   it (`n_less`: other words do).
-- range: overlaps 0 to 1; gap -1 to 1, 0 where another language changes no more than other words
-- direction: one figure per model, probe and treatment
-- interval: none: the gap of each language has its own
-- source: as of the overlap between wordings
-- confirmed: yes. Defined here and not from a paper.
-- shape: model
-- scale: share
-- needs: wordings
-- builds-on: wording_overlap
-- parameters: languages
-- columns: model, probe, treatment, dataset, n_languages, between_wordings, between_languages, gap, n_more, n_less
-- key: model, probe, treatment, dataset
select
    model, probe, treatment, dataset, count(gap)::bigint as n_languages,
    avg(between_wordings) filter (where gap is not null) as between_wordings,
    avg(between_languages) filter (where gap is not null) as between_languages,
    avg(gap) as gap,
    (count(*) filter (where ci_low > 0))::bigint as n_more,
    (count(*) filter (where ci_high < 0))::bigint as n_less
from wording_overlap
where languages is null or language in (select try_cast(unnest(languages) as language_id))
group by model, probe, treatment, dataset
