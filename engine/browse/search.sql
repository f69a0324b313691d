-- Facts of a dataset, found by text in any language and filtered by what one model answers. Without answers of that model
-- the counts are missing, and a filter on them finds nothing. Of all facts found: how many were measured in any of the
-- languages and in all of them (`n_measured`, `n_complete`); of the latter, how many are right in all, and in none.
with matched as (
    select
        fact_ix,
        arg_min(language, (language::varchar <> $shown, language::varchar)) as language
    from fact_texts
    where dataset = try_cast($dataset as dataset_id) and ($text = '' or contains(folded, folded($text)))
    group by fact_ix
),
spread as (
    select
        fact_ix,
        count(correct)::bigint as n,
        (count(*) filter (where correct))::bigint as n_right,
        list(language::varchar order by language) filter (where correct) as right_in,
        list(language::varchar order by language) filter (where not correct) as wrong_in
    from answers
    where model = try_cast($model as model_id) and dataset = try_cast($dataset as dataset_id)
        and list_contains($languages::varchar[], language::varchar)
    group by fact_ix
    having count(correct) > 0 -- else nothing is known of it
),
found as (
    select
        f.fact_ix, f.fact_id, f.relation, m.language::varchar as language, s.n, s.n_right, s.right_in, s.wrong_in,
        case when s.n_right = 1 then s.right_in[1] end as only_language,
        disagreement_of(s.n_right, s.n) as disagreement
    from facts as f
    join matched as m using (fact_ix)
    left join spread as s using (fact_ix)
    where f.dataset = try_cast($dataset as dataset_id)
        and ($relation is null or f.relation = $relation)
        and (len($right_in::varchar[]) = 0 or list_has_all(coalesce(s.right_in, []), $right_in::varchar[]))
        and (len($wrong_in::varchar[]) = 0 or list_has_all(coalesce(s.wrong_in, []), $wrong_in::varchar[]))
        and ($known_from is null or s.n_right >= $known_from)
        and ($known_to is null or s.n_right <= $known_to)
)
select
    found.fact_id, found.relation, found.language, t.question, t.options, f.gold, n, n_right, right_in, wrong_in,
    only_language, disagreement,
    count(*) over () as n_facts,
    count(n) over () as n_measured,
    count(*) filter (where n = len($languages::varchar[])) over () as n_complete,
    count(*) filter (where n = len($languages::varchar[]) and n_right = n) over () as n_everywhere,
    count(*) filter (where n = len($languages::varchar[]) and n_right = 0) over () as n_nowhere
from found
join facts as f on f.dataset = try_cast($dataset as dataset_id) and f.fact_ix = found.fact_ix
join fact_texts as t
    on t.dataset = try_cast($dataset as dataset_id) and t.fact_ix = found.fact_ix and t.language::varchar = found.language
order by
    case $sort when 'disagreement' then -disagreement when 'fewest' then n_right when 'most' then -n_right end nulls last,
    found.fact_ix
limit $limit offset $offset
