-- Settled sales of each day and item. The seconds are from the end of an auction to its settlement; of 100 sales, 99 take p99_seconds at most.
-- from: settlement
-- picture: bars of total by day and item
-- sums: settled, total, mails
with waits as (
    select
        cast(settled at time zone zone as date) as day,
        item,
        winning_amount,
        sent,
        cast(round(extract(epoch from settled - closed) * 1000000) as bigint) as wait -- in microseconds
    from sales cross join parameters left join winner_mails on winner_mails.auction_id = sales.auction_id
    where settled is not null
),
ranked as (
    select
        *,
        row_number() over (partition by day, item order by wait) as place,
        count(*) over (partition by day, item) as size
    from waits
)
select
    day,
    item,
    count(*) as settled,
    cast(round(sum(winning_amount), 2) as decimal(38, 2)) as total,
    -- the one in the middle, or the mean of the two; half a millisecond goes up
    cast(div(
        2 * sum(wait) filter (where 2 * place between size and size + 2) + 1000 * count(*) filter (where 2 * place between size and size + 2),
        2000 * count(*) filter (where 2 * place between size and size + 2)) as decimal(30, 0)) * 0.001 as median_seconds,
    cast(div(2 * cast(min(wait) filter (where 100 * place >= 99 * size) as decimal(18, 0)) + 1000, 2000) as decimal(30, 0)) * 0.001 as p99_seconds,
    count(sent) as mails
from ranked
group by day, item
order by day, item collate "C"
