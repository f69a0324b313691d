-- Sets of facts as bit strings, like those in bits.sql: by what a lab model was taught, seen from a language, and by how
-- names are spelled in a language. The set "all" is there for every model, or language with answers; the others only
-- where exposure, or traits, are known. Bound: $dataset and $last as in bits.sql.
--
-- Exposure: here: taught in this language; elsewhere: not in this one, but in another; nowhere: in none, the control.
insert into exposure_sets
with taught as (
    select
        e.model, e.language::language_id as language, f.fact_ix,
        case when e.taught then 'here' when bool_or(e.taught) over (partition by e.model, f.fact_ix) then 'elsewhere'
            else 'nowhere' end as exposure
    from exposure as e join facts as f on f.dataset = e.dataset::dataset_id and f.fact_id = e.fact_id
    where f.dataset = $dataset
),
-- every set of a language, also one that holds no fact
sets as (
    select model, language, unnest(['here', 'elsewhere', 'nowhere']) as exposure from taught group by model, language
)
select
    k.label, $dataset, s.language, s.exposure,
    coalesce(bitstring_agg(t.fact_ix, 0, $last) filter (where t.fact_ix is not null), bitstring('0', $last + 1))
from sets as s
join askings as k on k.model = s.model
left join taught as t on t.model = s.model and t.language = s.language and t.exposure = s.exposure
group by k.label, s.language, s.exposure
union all
select model, dataset, language, 'all', ~bitstring('0', $last + 1) from bits where dataset = $dataset;

-- Spelling: same: the subject or the right option is spelled as in English; different: neither is.
insert into string_sets
with spelled as (
    select
        t.language::language_id as language, f.fact_ix,
        case when t.subject_same_as_english or t.object_same_as_english then 'same' else 'different' end as strings
    from traits as t join facts as f on f.dataset = t.dataset::dataset_id and f.fact_id = t.fact_id
    where f.dataset = $dataset
),
sets as (
    select language, unnest(['same', 'different']) as strings from spelled group by language
)
select
    $dataset, s.language, s.strings,
    coalesce(bitstring_agg(t.fact_ix, 0, $last) filter (where t.fact_ix is not null), bitstring('0', $last + 1))
from sets as s left join spelled as t on t.language = s.language and t.strings = s.strings
group by s.language, s.strings
union all
select distinct dataset, language, 'all', ~bitstring('0', $last + 1) from bits where dataset = $dataset;
