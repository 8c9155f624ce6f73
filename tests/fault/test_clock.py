"""The machine's clock is two days off, and is put right again while people write: nothing is lost, late or too much."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.e2e.world import OFFICERS, text_of
from tests.fault.conftest import Tell
from tests.fault.fault_world import FORWARDED, Crowd, FaultWorld
from tests.fault.ledger import Ledger

_SHIFTED = Path(__file__).parent / "shifted.py"
_DAYS = timedelta(days=2)


class ClockWorld(FaultWorld):
    """A world whose program has a clock that can be put wrong."""

    def __init__(self, folder: Path) -> None:
        self._clock = folder / "clock"
        super().__init__(folder, command=(str(_SHIFTED),))
        self.put_clock(timedelta())

    async def start_bot(self) -> None:
        self.settings["CLOCK_FILE"] = str(self._clock)
        await super().start_bot()

    def put_clock(self, off: timedelta) -> None:
        """Let the clock be off by this from now on."""
        new = self._clock.with_suffix(".new")
        new.write_text(str(off.total_seconds()), encoding="ascii")
        new.replace(self._clock)


async def _cried(world: ClockWorld, crowd: Crowd, channel: str) -> None:
    """Somebody is in need, hears that the officers know, and is answered: which can be taken back for some seconds."""
    who = crowd.cry(on=channel)
    await (world.told(FORWARDED, who) if isinstance(who, int) else world.told_on_whatsapp(who, FORWARDED))
    await world.until(crowd.answer)
    await world.until(lambda: world.rows("select 1 from outbound where purpose = 'answer' and state = 'pending'"))


@pytest.mark.parametrize("off", [_DAYS, -_DAYS], ids=["ahead", "behind"])
async def test_clock_two_days_off_loses_nothing_delays_nothing_and_raises_no_storm(
    tmp_path: Path, tell: Tell, off: timedelta
) -> None:
    world = ClockWorld(tmp_path)
    await world.open()
    try:
        ledger = Ledger(world)
        crowd = Crowd(world, ledger)
        await _cried(world, crowd, "telegram")
        for wrong in (off, timedelta()):
            world.put_clock(wrong)
            for _ in range(10):
                crowd.ask()
            await ledger.settled()
            await _cried(world, crowd, "whatsapp")
        await ledger.settled()

        proof = ledger.proof()
        tell(f"clock two days {'ahead' if off > timedelta() else 'behind'}, then right", 1, proof)
        assert not proof.faults
        assert proof.figures["repeated"] == 0
        ((wrote_at,),) = world.rows("select max(wrote_at) from address")
        assert datetime.fromisoformat(f"{wrote_at}+00:00") <= datetime.now(UTC)
        assert world.rows("select 1 from outbound where uncertain") == []
        warned = Counter(m["message_thread_id"] for m in world.telegram.bot_messages(OFFICERS) if "⏰" in text_of(m))
        assert all(count == 1 for count in warned.values())
    finally:
        await world.close()
