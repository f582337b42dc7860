"""目标冲突: contradictions among published promises. `promises`, `naming`, `detecting` and `sums` are pure; `deeds` keeps what they find."""
