-- How many bids have which amount. There are up to --buckets of equal width; each ends below its to_amount.
-- picture: bars of bids by from_amount
-- sums: bids
with cents as (
    select cast(floor(bid_amount * 100) as bigint) as cent from bids
),
extent as (
    select min(cent) as low, max(cent) as top, cast(div(max(cent) - min(cent), min(buckets)) as bigint) + 1 as width
    from cents cross join parameters
),
filled as (
    select cast(div(cent - low, width) as bigint) as bucket, count(*) as bids from cents cross join extent group by bucket
)
select
    cast(low + step * width as decimal(30, 0)) * 0.01 as from_amount,
    cast(low + (step + 1) * width as decimal(30, 0)) * 0.01 as to_amount,
    coalesce(bids, 0) as bids
from extent cross join generate_series(0, 999) as series(step) left join filled on bucket = step
where low + step * width <= top
order by step
