-- One row per chosen language: a way of asking a model, held against the other wordings of the same probe that were
-- treated alike and asked of the same weights: the metric wording_overlap, NULL where the language was not asked in two
-- wordings. Every row also says what mean_wording_overlap says of all of them, over the `n_compared` languages that have
-- both overlaps, and whether its own gap is the widest. No rows: there is nothing to compare the way of asking with.
with ways as (
    select
        label, model, probe, substr(template, length(split_part(template, '+', 1)) + 2) as treatment,
        -- the metric compares the weights that were asked last
        coalesce(weights_sha256, '') = first_value(coalesce(weights_sha256, ''))
            over (partition by model, probe order by finished desc nulls last, label) as is_compared
    from askings
    where probe is not null and template is not null
),
compared as (
    select w.*, m.n_languages as n_compared, m.between_wordings as mean_wordings, m.between_languages as mean_languages,
        m.n_more, m.n_less
    from wording_overlap as w join ways as k using (model, probe, treatment)
    join mean_wording_overlap($languages::varchar[]) as m using (model, probe, treatment, dataset)
    where k.label = try_cast($model as model_id) and k.is_compared and dataset = try_cast($dataset as dataset_id)
),
chosen as (
    select unnest($languages::varchar[]) as language
)
select
    c.language, w.n_wordings, w.n, w.between_wordings, w.between_languages, w.gap, w.ci_low, w.ci_high,
    max(n_compared) over () as n_compared, max(mean_wordings) over () as mean_wordings,
    max(mean_languages) over () as mean_languages, max(n_more) over () as n_more, max(n_less) over () as n_less,
    gap is not null and row_number() over (order by abs(gap) desc nulls last, c.language) = 1 as is_widest
from chosen as c left join compared as w on w.language::varchar = c.language
where exists (from compared as w join chosen as c on w.language::varchar = c.language)
order by c.language
