-- title: Measures beside what crossed
-- level: conductivity
-- meaning: What the measures say of a lab model in a language, beside how much really crossed into it. Measures: ra;
--   overlap_english: overlap with English, which is en-CO by Jaccard; transfer_english: transfer from English, which is
--   en-CO as a share of English; overlap, above_chance, transfer (into the language), same_option (Cons_2) and agreement
--   (1 - disagreement: right in both or wrong in both): means over the pairs that the language forms with the other
--   chosen ones. Taught: the share of facts taught in the language. A model that was asked in several ways is taken as
--   asked last on the dataset, unless models are chosen. Accuracy is left out: it ranks as RA does.
-- range: of each measure its own; crossed at most 1
-- direction: per language and measure
-- interval: none: each measure has its own
-- source: Isogloss's own
-- confirmed: yes. Defined here and not from a paper.
-- parameters: models, datasets, languages
-- columns: model, dataset, language, measure, value, crossed, crossed_different, taught
with asked as (
    select distinct b.model, b.dataset, k.model as own_name, k.finished
    from bits as b join askings as k on k.label = b.model
    join exposure_sets as e on e.model = b.model and e.dataset = b.dataset and e.exposure = 'nowhere'
    where (datasets is null or b.dataset in (select try_cast(unnest(datasets) as dataset_id)))
),
chosen as (
    select model, dataset from asked
    where models is null or model in (select try_cast(unnest(models) as model_id))
    qualify models is not null or row_number()
        over (partition by dataset, own_name order by finished desc nulls last, model) = 1
),
pairs as (
    select t.*, c.overlap, c.above_chance, p.n_same / nullif(p.n, 0) as same_option,
        1 - (p.n_only_a + p.n_only_b) / nullif(p.n, 0) as agreement
    from transfer as t
    join overlap as c
        on c.model = t.model and c.dataset = t.dataset
        and c.language_a = least(t.language_a, t.language_b) and c.language_b = greatest(t.language_a, t.language_b)
    join pair_counts as p
        on p.model = c.model and p.dataset = c.dataset
        and p.language_a = c.language_a and p.language_b = c.language_b
    where languages is null or (
        t.language_a in (select try_cast(unnest(languages) as language_id))
        and t.language_b in (select try_cast(unnest(languages) as language_id))
    )
),
-- a pair counts for the language that is transferred into
in_pairs as (
    select
        model, dataset, language_b as language, avg(overlap) as overlap, avg(above_chance) as above_chance,
        avg(transfer) as transfer, avg(same_option) as same_option, avg(agreement) as agreement
    from pairs
    group by all
),
with_english as (
    select model, dataset, language_b as language, overlap as overlap_english, transfer as transfer_english
    from pairs
    where language_a::varchar = 'en'
),
wide as (
    select
        r.model, r.dataset, r.language, r.ra, w.overlap_english, w.transfer_english,
        p.overlap, p.above_chance, p.transfer, p.same_option, p.agreement
    from ra as r
    join chosen using (model, dataset)
    left join in_pairs as p using (model, dataset, language)
    left join with_english as w using (model, dataset, language)
    where languages is null or r.language in (select try_cast(unnest(languages) as language_id))
),
long as (
    from wide unpivot include nulls (value for measure in (
        ra, overlap_english, transfer_english, overlap, above_chance, transfer, same_option, agreement
    ))
)
select
    l.model, l.dataset, l.language, l.measure, l.value, x.crossed, d.crossed as crossed_different,
    m.n_here / nullif(m.n, 0) as taught
from long as l
join crossed as x
    on x.model = l.model and x.dataset = l.dataset and x.language = l.language and x.strings = 'all'
left join crossed as d
    on d.model = l.model and d.dataset = l.dataset and d.language = l.language and d.strings = 'different'
join right_answers_made_of as m
    on m.model = l.model and m.dataset = l.dataset and m.language = l.language and m.strings = 'all'
