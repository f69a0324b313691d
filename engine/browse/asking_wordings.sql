-- One row per chosen language: a way of asking a model, held against the other wordings of the same probe that were
-- treated alike and asked of the same weights: the metric wording_overlap, NULL where the language was not asked in two
-- wordings. Every row also says of all of them: the means over the `n_compared` languages that have both overlaps, in how
-- many the interval of the gap lies above 0 (`n_more`) and below (`n_less`), and whether its own gap is the widest. No
-- rows: there is nothing to compare the way of asking with.
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
    select w.*
    from wording_overlap as w join ways as k using (model, probe, treatment)
    where k.label = try_cast($model as model_id) and k.is_compared and w.dataset = try_cast($dataset as dataset_id)
),
chosen as (
    select unnest($languages::varchar[]) as language
)
select
    c.language, w.n_wordings, w.n, w.between_wordings, w.between_languages, w.gap, w.ci_low, w.ci_high,
    (count(gap) over ())::bigint as n_compared,
    avg(between_wordings) filter (where gap is not null) over () as mean_wordings,
    avg(between_languages) filter (where gap is not null) over () as mean_languages,
    (count(*) filter (where w.ci_low > 0) over ())::bigint as n_more,
    (count(*) filter (where w.ci_high < 0) over ())::bigint as n_less,
    gap is not null and row_number() over (order by abs(gap) desc nulls last, c.language) = 1 as is_widest
from chosen as c left join compared as w on w.language::varchar = c.language
where exists (from compared as w join chosen as c on w.language::varchar = c.language)
order by c.language
