-- One row per model (of `models`; NULL: all) and language on a dataset: accuracy and RA with their intervals.
select
    a.model::varchar as model, a.language::varchar as language, a.n, a.correct, a.accuracy,
    a.ci_low as accuracy_low, a.ci_high as accuracy_high, r.ra, r.ci_low as ra_low, r.ci_high as ra_high
from accuracy as a join ra as r using (model, dataset, language)
where dataset = try_cast($dataset as dataset_id) and list_contains($languages::varchar[], language::varchar)
    and coalesce(list_contains($models::varchar[], model::varchar), true)
order by model, language
