-- Stock of each item. start + refilled - sold = now; a change by hand is in refilled. Items are named as their queues.
-- from: settlement
-- picture: bars of now by item
-- sums: start, refilled, sold, now
select
    stock.item,
    cast(coalesce(sum(change) filter (where cause = 'start'), 0) as bigint) as start,
    cast(coalesce(sum(change) filter (where cause in ('refilled', 'by hand')), 0) as bigint) as refilled,
    cast(coalesce(-sum(change) filter (where cause = 'sold'), 0) as bigint) as sold,
    quantity as now
from stock left join stock_changes on stock_changes.item = stock.item
group by stock.item, quantity
order by stock.item collate "C"
