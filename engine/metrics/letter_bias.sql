-- title: Letter bias
-- level: performance
-- meaning: Whether the model prefers a letter whatever stands behind it. Every fact was asked once under each rotation
--   of its k options, so that each option stood once at each letter: a model that looks at the options alone chooses
--   every letter equally often, 1/k, whatever it knows. Bias is the total variation distance between the shares of the
--   letters and 1/k: the share of choices that would have to move. Same choice: the share of facts for which every
--   rotation chooses the same option. Only facts with a choice under every rotation are counted; facts with different
--   numbers of options have rows of their own, since their letters differ.
-- range: bias 0 to 1 - 1/k, which is one letter always; same choice 0 to 1, and 0 for one letter always
-- direction: per language and number of options
-- interval: Wilson 95 % of same choice
-- source: the figure is Isogloss's own; the effect: Zheng et al. 2024 (ICLR), arXiv:2309.03882, and Pezeshkpour and
--   Hruschka 2024, doi:10.18653/v1/2024.findings-naacl.130
-- confirmed: yes. Defined here and not from a paper: Zheng et al. report the spread of the recalls of the letters
--   instead.
-- shape: language
-- scale: share
-- needs: rotations
-- columns: model, dataset, language, k, n, favourite, share, expected, bias, same_choice
-- key: model, dataset, language, k
with rotated as (
    select o.model, o.dataset, o.language, o.choices, len(o.choices) as k
    from order_choices as o join facts as f using (dataset, fact_ix)
    -- the options of a fact without a text are not known: it was rotated as often as it has options
    where k > 1 and k = coalesce(f.n_options, k) and len(list_filter(o.choices, lambda c: c between 0 and k - 1)) = k
),
facts_counted as (
    select
        model, dataset, language, k, count(*) as n, count(*) filter (where len(list_distinct(choices)) = 1) as n_same
    from rotated
    group by all
),
-- under rotation r the option o stands at place (o - r) mod k
places as (
    select model, dataset, language, k, (choices[r + 1] - r + k) % k as place, count(*) as n_chosen
    from rotated cross join lateral (select unnest(range(k)) as r)
    group by all
),
letters as (
    select
        model, dataset, language, k, max(n_chosen) as n_favourite, arg_max(place, (n_chosen, -place)) as favourite,
        sum(greatest(0, n_chosen / (n * k) - 1 / k)) as bias
    from places join facts_counted using (model, dataset, language, k)
    group by all
)
select
    model, dataset, language, k::integer as k, n::bigint as n,
    chr((ascii('A') + favourite)::integer) as favourite,
    n_favourite / (n * k) as share,
    1 / k as expected,
    bias,
    n_same / n as same_choice,
    wilson_low(n_same, n) as ci_low,
    wilson_high(n_same, n) as ci_high
from facts_counted join letters using (model, dataset, language, k)
