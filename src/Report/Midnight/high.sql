-- High bids, in the order of their time.
select timestamp, item, cast(round(bid_amount, 2) as decimal(18, 2)) as bid_amount, bidder_id, bidder_name, auction_id
from bids cross join parameters
where bid_amount > threshold
order by timestamp, message_id
