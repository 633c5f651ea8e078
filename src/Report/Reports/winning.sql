-- Winning amounts of each item's auctions.
-- picture: bars of average by item
-- sums: auctions
with winners as (
    select distinct on (auction_id) auction_id, item, bid_amount as amount
    from bids
    where auction_id is not null
    order by auction_id, bid_amount desc, timestamp, message_id
),
ranked as (
    select
        item,
        amount,
        2 * row_number() over (partition by item order by amount, auction_id) as place,
        count(*) over (partition by item) as auctions
    from winners
)
select
    item,
    count(*) as auctions,
    cast(div(200 * sum(amount) + count(*), 2 * count(*)) as decimal(30, 0)) * 0.01 as average,
    -- the one in the middle, or the mean of the two
    cast(div(
        200 * sum(amount) filter (where place between auctions and auctions + 2) + count(*) filter (where place between auctions and auctions + 2),
        2 * count(*) filter (where place between auctions and auctions + 2)) as decimal(30, 0)) * 0.01 as median,
    cast(round(min(amount), 2) as decimal(18, 2)) as lowest,
    cast(round(max(amount), 2) as decimal(18, 2)) as highest
from ranked
group by item
order by item collate "C"
