-- title: Overlap between wordings
-- level: consistency
-- meaning: How far a model's right answers coincide when the same facts are asked in the same language in other words,
--   beside how far they coincide between languages. Between wordings: the overlap of the facts right in two wordings of
--   one language, mean over pairs of wordings. Between languages: the overlap with another language in the same
--   wording, mean over wordings and languages. Both are counted over facts measured in every wording of the language.
--   Their difference, the gap, is what changing the language costs beyond changing the words; it also grows where the
--   other languages simply know less, so read it beside the accuracy. Wordings are compared that were treated alike
--   (`treatment`: what was done to the wording, such as cyclic; empty: nothing) and asked of the same weights. `model`
--   is the model's own name.
-- range: overlaps 0 to 1; gap -1 to 1, 0 where another language changes no more than other words
-- direction: per language
-- interval: 95 % of the gap, too wide rather than too narrow: from the mean Wilson bounds of the overlaps, as if the
--   errors of all pairs, which share their facts, were wholly alike and those of the two means opposite
-- source: the overlap as above; answers under paraphrased prompts: Elazar et al. 2021, doi:10.1162/tacl_a_00410
-- confirmed: yes. The overlap is read in Qi et al.'s code; the comparison is defined here and not from a paper.
-- shape: language
-- scale: share
-- needs: wordings
-- columns: model, probe, treatment, dataset, language, n_wordings, n, between_wordings, between_languages, gap
-- key: model, probe, treatment, dataset, language
with asked as (
    select
        label, model, probe, concat_ws(' ', split_part(template, '+', 1), harness) as wording,
        substr(template, length(split_part(template, '+', 1)) + 2) as treatment
    from askings
    where probe is not null and template is not null
    qualify coalesce(weights_sha256, '') = first_value(coalesce(weights_sha256, ''))
        over (partition by model, probe order by finished desc nulls last, label)
),
cells as (
    select k.model, k.probe, k.treatment, k.wording, b.dataset, b.language, b.scored, b.correct
    from asked as k join bits as b on b.model = k.label
    where n_bits(b.scored) > 0
),
common as (
    select model, probe, treatment, dataset, language, count(*)::bigint as n_wordings, bit_and(scored) as facts
    from cells
    group by all
),
kept as (
    select * from cells join common using (model, probe, treatment, dataset, language)
),
pairs as (
    select
        a.model, a.probe, a.treatment, a.dataset, a.language, a.wording = b.wording as is_same_wording,
        n_bits(a.correct & b.correct & a.facts & b.facts) as n_both,
        n_bits((a.correct | b.correct) & a.facts & b.facts) as n_either
    from kept as a
    join kept as b
        on b.model = a.model and b.probe = a.probe and b.treatment = a.treatment and b.dataset = a.dataset
        -- another language in the same wording, or another wording in the same language
        and (b.language = a.language) <> (b.wording = a.wording)
),
means as (
    select
        model, probe, treatment, dataset, language, is_same_wording, avg(n_both / nullif(n_either, 0)) as overlap,
        avg(wilson_low(n_both, n_either)) as low, avg(wilson_high(n_both, n_either)) as high
    from pairs
    group by all
)
select
    c.model, c.probe, c.treatment, c.dataset, c.language, c.n_wordings, n_bits(c.facts)::bigint as n,
    w.overlap as between_wordings, l.overlap as between_languages, w.overlap - l.overlap as gap,
    w.low - l.high as ci_low, w.high - l.low as ci_high
from common as c
join means as w using (model, probe, treatment, dataset, language)
left join means as l
    on l.model = c.model and l.probe = c.probe and l.treatment = c.treatment and l.dataset = c.dataset
    and l.language = c.language and l.is_same_wording
where not w.is_same_wording
