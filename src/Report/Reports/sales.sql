-- Closed auctions of each day and item. An auction is unsold if its highest bid is below its opening amount.
-- from: auctioneer
-- picture: bars of total by day and item
-- sums: sold, unsold, total
select
    cast(closes at time zone zone as date) as day,
    item,
    count(*) filter (where sold) as sold,
    count(*) filter (where not sold) as unsold,
    cast(round(coalesce(sum(highest_amount) filter (where sold), 0), 2) as decimal(38, 2)) as total,
    cast(div(
        200 * sum(highest_amount) filter (where sold) + count(*) filter (where sold),
        nullif(2 * count(*) filter (where sold), 0)) as decimal(30, 0)) * 0.01 as average, -- half a cent goes up
    cast(round(max(highest_amount) filter (where sold), 2) as decimal(18, 2)) as highest
from auctions cross join parameters
group by day, item
order by day, item collate "C"
