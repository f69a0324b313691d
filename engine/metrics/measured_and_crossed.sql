-- title: Measures beside what crossed
-- level: conductivity
-- meaning: What the measures say of a lab model in a language, beside how much really crossed into it. Measures: ra; every
--   measure of pairs of languages (overlap, above_chance, transfer into the language), same_option (Cons_2) and agreement
--   (1 - disagreement: right in both or wrong in both): means over the pairs that the language forms with the other chosen
--   ones; and those of the measures of pairs that are shares, of the pair with English alone (overlap_english, which is
--   en-CO by Jaccard; transfer_english, from English, which is en-CO as a share of English). Taught: the share of facts
--   taught in the language. A model that was asked in several ways is taken as asked last on the dataset, unless models
--   are chosen. Accuracy is left out: it ranks as RA does.
-- range: of each measure its own; crossed at most 1
-- direction: per language and measure
-- interval: none: each measure has its own
-- source: Isogloss's own
-- confirmed: yes. Defined here and not from a paper.
-- shape: language
-- scale: share
-- needs: answers, exposure
-- builds-on: ra, measured_pairs, crossed, right_answers_made_of
-- parameters: models, datasets, languages
-- columns: model, dataset, language, measure, value, crossed, crossed_different, taught
-- key: model, dataset, language, measure
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
    from measured_pairs
    union all
    select model, dataset, language_a, language_b, measure, value, null, null
    from (
        select model, dataset, language_a, language_b, n_same / nullif(n, 0) as same_option,
            1 - (n_only_a + n_only_b) / nullif(n, 0) as agreement
        from pair_counts
        union all
        select model, dataset, language_b, language_a, n_same / nullif(n, 0), 1 - (n_only_a + n_only_b) / nullif(n, 0)
        from pair_counts
    ) unpivot include nulls (value for measure in (same_option, agreement))
),
-- a pair counts for the language that is transferred into
into_languages as (
    select model, dataset, language_b as language, measure, avg(value) as value
    from pairs
    where languages is null or (
        language_a in (select try_cast(unnest(languages) as language_id))
        and language_b in (select try_cast(unnest(languages) as language_id))
    )
    group by all
    union all
    select model, dataset, language_b, concat(measure, '_english'), value
    from pairs
    where measure in (select measure from pair_measures where scale = 'share') and language_a::varchar = 'en'
        and (languages is null or (
            'en' in (select unnest(languages)) and language_b in (select try_cast(unnest(languages) as language_id))
        ))
    union all
    select model, dataset, language, 'ra', ra from ra
),
every_measure as (
    select measure from pair_measures
    union all
    select concat(measure, '_english') from pair_measures where scale = 'share'
    union all
    select unnest(['ra', 'same_option', 'agreement'])
),
-- every measure in every language, also where it is missing
asked_for as (
    select model, dataset, language, measure
    from ra join chosen using (model, dataset) cross join every_measure
    where languages is null or language in (select try_cast(unnest(languages) as language_id))
),
long as (
    select model, dataset, language, measure, value
    from asked_for left join into_languages using (model, dataset, language, measure)
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
