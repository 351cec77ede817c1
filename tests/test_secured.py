"""The manager under SNMPv3 against agents on loopback: good, changing and hostile ones."""

import asyncio
import contextlib
import dataclasses
import random

import pytest

from bench.agents import USER, SecuredAgent, serve, switch
from console.model.states import Outcome
from console.snmp import ber, usm
from console.snmp.errors import SnmpError, Timeout
from console.snmp.keys import User, keys_of
from console.snmp.manager import Manager
from console.snmp.target import Target
from tests.mutations import mutate, served
from tests.snmp_agents import ENGINE, answering, secured

SYS_NAME = ber.parse_oid("1.3.6.1.2.1.1.5.0")
SYS_DESCR = ber.parse_oid("1.3.6.1.2.1.1.1.0")
OTHER_ENGINE = b"\x80\x00\x1f\x88\x04another"


async def names(agent, times=1, between=None, user=USER, **target):
    """GET sysName again and again; what came, or the outcome and reason of a failure."""
    found = []
    async with answering(agent, user=user, **target) as (manager, asked):
        for number in range(times):
            try:
                found.append((await manager.get(asked, [SYS_NAME]))[0].value)
            except SnmpError as error:
                found.append((error.outcome, error.detail))
            if between:
                between(number)
    return found


class Recording(SecuredAgent):
    """Remembers what it was sent."""

    def handle(self, data):
        if not hasattr(self, "heard"):
            self.heard = []
        self.heard.append(usm.parse(data))
        return super().handle(data)


async def test_discovery_comes_first_and_once():
    agent = secured(switch(), kind=Recording)
    assert await names(agent, 3) == [b"switch"] * 3
    assert [sealed.engine_id for sealed in agent.heard] == [b"", ENGINE, ENGINE, ENGINE]


@pytest.mark.parametrize(
    "user",
    [
        *(User("open"), User("sign", "SHA-384", "a passphrase")),
        User("old", "MD5", "a passphrase", "DES", "another one"),
        User("new", "SHA-512", "a passphrase", "AES-256", "another one"),
        User("cisco", "SHA-1", "a passphrase", "AES-256-C", "another one"),
    ],
    ids=lambda user: user.name,
)
async def test_every_level_is_spoken_and_none_below(user):
    agent = secured(switch(), users=[user], kind=Recording)
    assert await names(agent, 2, user=user) == [b"switch"] * 2
    asked = [sealed for sealed in agent.heard if sealed.engine_id]
    assert {sealed.level for sealed in asked} == {user.level}
    nobody = [sealed for sealed in agent.heard if not sealed.engine_id]
    assert {(sealed.user, usm.unseal(sealed, None).answer(0).oids == []) for sealed in nobody} == {
        (b"", True)
    }


async def test_a_time_nobody_signed_is_corrected_by_the_agents_report():
    class LyingAboutTime(Recording):
        def _report_boots(self, answer):
            sealed = usm.parse(answer)
            if sealed.level:
                return answer
            return usm.seal(
                *(sealed.message_id, 0, ENGINE, (7777, 99), b"", None),
                sealed.data[sealed.payload_at :],
            )

        def handle(self, data):
            return self._report_boots(super().handle(data))

    agent = secured(switch(), boots=3, kind=LyingAboutTime)
    assert await names(agent, 2) == [b"switch"] * 2
    assert [sealed.boots for sealed in agent.heard] == [0, 7777, 3, 3]


async def test_a_reboot_is_followed_within_the_question():
    agent = secured(switch(), boots=3)

    def reboot(number):
        if number == 1:
            agent.boot(ENGINE, 4)

    assert await names(agent, 4, reboot, retries=0) == [b"switch"] * 4


async def test_a_replaced_agent_is_discovered_within_the_question():
    agent = secured(switch(), boots=3)

    def replace(number):
        if number == 1:
            agent.boot(OTHER_ENGINE, 1)

    assert await names(agent, 4, replace, retries=0) == [b"switch"] * 4


async def test_an_agent_that_lost_its_boots_is_followed():
    agent = secured(switch(), boots=30)

    def lose(number):
        if number == 1:
            agent.boot(ENGINE, 1)

    assert await names(agent, 4, lose, retries=0) == [b"switch"] * 4


async def test_a_replaced_agent_that_does_not_report_is_discovered_with_the_next_question():
    class Silent(SecuredAgent):
        def handle(self, data):
            sealed = usm.parse(data)
            known = sealed.engine_id in (b"", self.security._own.engine_id)
            return super().handle(data) if known else None

    agent = secured(switch(), kind=Silent)

    def replace(number):
        if number == 0:
            agent.boot(OTHER_ENGINE, 1)

    found = await names(agent, 3, replace, retries=0)
    assert found == [b"switch", (Outcome.TIMEOUT, "snmp_timeout"), b"switch"]


@pytest.mark.parametrize(
    ("change", "detail"),
    [
        ({"name": "nobody"}, "snmp_user"),
        ({"auth_key": "another key"}, "snmp_auth"),
        ({"auth": "SHA-512"}, "snmp_auth"),
        ({"priv_key": "another key"}, "snmp_privacy"),
        ({"priv": "AES-256"}, "snmp_privacy"),
    ],
)
async def test_what_does_not_fit_is_a_refusal_with_its_reason(change, detail):
    user = dataclasses.replace(USER, **change)
    found = await names(secured(switch()), 2, user=user)
    assert found == [(Outcome.REFUSED, detail)] * 2


async def test_a_level_that_the_agent_does_not_offer_is_a_refusal():
    agent = secured(switch(), users=[User("noc", "SHA-256", "auth key 1")])
    assert await names(agent) == [(Outcome.REFUSED, "snmp_privacy")]


async def test_an_agent_that_drops_what_it_cannot_decrypt_refuses_encryption():
    class Dropping(SecuredAgent):
        def handle(self, data):
            answer = super().handle(data)
            wrong = self.security.statistics[usm.DECRYPTION_ERROR]
            return None if wrong else answer

    user = dataclasses.replace(USER, priv_key="another key")
    found = await names(secured(switch(), kind=Dropping), 2, user=user)
    assert found[0] == (Outcome.REFUSED, "snmp_privacy")


class Tampering(SecuredAgent):
    """Changes what it says after it was signed."""

    def enclose(self, pdu):
        sealed = bytearray(super().enclose(pdu))
        sealed[-1] ^= 1
        return bytes(sealed)


class Unsigned(SecuredAgent):
    """Answers what it was asked under a weaker level."""

    def enclose(self, pdu):
        own = self.security._own
        scoped = usm.scope(own.engine_id, b"", ber.encode(0xA2, pdu))
        message_id = self._received.sealed.message_id
        return usm.seal(message_id, 0, own.engine_id, (1, 0), b"noc", None, scoped)


class Late(SecuredAgent):
    """Signs with a time long past, once it has been believed."""

    late = False

    def enclose(self, pdu):
        own = self.security._own
        scoped = usm.scope(own.engine_id, b"", ber.encode(0xA2, pdu))
        received = self._received
        moment = (own.boots - self.late, 5)
        keys = keys_of(USER, own.engine_id)
        return usm.seal(received.sealed.message_id, 3, own.engine_id, moment, b"noc", keys, scoped)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Tampering, (Outcome.REFUSED, "snmp_auth")),
        (Unsigned, (Outcome.REFUSED, "snmp_privacy")),
    ],
)
async def test_an_answer_that_the_keys_do_not_confirm_is_not_believed(kind, expected):
    assert await names(secured(switch(), kind=kind)) == [expected]


async def test_an_answer_out_of_the_window_is_not_believed():
    agent = secured(switch(), boots=3, kind=Late)

    def grow_late(number):
        agent.late = True

    found = await names(agent, 2, grow_late)
    assert found == [b"switch", (Outcome.TIMEOUT, "snmp_timeout")]


async def test_a_report_of_another_time_that_nobody_signed_changes_nothing():
    class Forging(Recording):
        forge = False

        def handle(self, data):
            answer = super().handle(data)
            if not self.forge:
                return answer
            sealed = usm.parse(data)
            report = usm.scope(ENGINE, b"", usm.report_pdu(0, usm.NOT_IN_TIME_WINDOW, 1))
            return usm.seal(sealed.message_id, 0, ENGINE, (9, 9), b"noc", None, report)

    agent = secured(switch(), boots=3, kind=Forging)

    def forge(number):
        agent.forge = number == 0

    found = await names(agent, 2, forge)
    assert found == [b"switch", (Outcome.TIMEOUT, "snmp_timeout")]
    assert {sealed.boots for sealed in agent.heard} == {0, 3}


async def test_a_forged_refusal_loses_against_the_answer():
    agent = secured(switch())

    def answers(data):
        sealed = usm.parse(data)
        report = usm.scope(ENGINE, b"", usm.report_pdu(0, usm.WRONG_DIGEST, 1))
        forged = usm.seal(sealed.message_id, 0, ENGINE, (1, 1), b"noc", None, report)
        return [forged, agent.handle(data)] if sealed.engine_id else [agent.handle(data)]

    async with served(answers, user=USER) as (manager, target):
        assert (await manager.get(target, [SYS_NAME]))[0].value == b"switch"


@pytest.mark.parametrize("user", [USER, User("open")], ids=["signed", "unsigned"])
async def test_a_signed_answer_is_believed_from_elsewhere(user):
    agent = secured(switch(), users=[user])
    async with served(lambda data: [agent.handle(data)], elsewhere=True, user=user) as asked:
        manager, target = asked
        try:
            found = (await manager.get(target, [SYS_NAME]))[0].value
        except Timeout:
            found = None
    assert found == (b"switch" if user is USER else None)


async def test_answers_to_other_questions_are_not_believed():
    """What was recorded earlier is authentic and in time, and still nobody's answer."""
    agent = secured(switch())
    recorded = []

    def answers(data):
        recorded.append(agent.handle(data))
        return recorded[:3][-1:]

    async with served(answers, user=USER) as (manager, target):
        await manager.get(target, [SYS_NAME])
        await manager.get(target, [SYS_DESCR])
        with pytest.raises(Timeout):
            await manager.get(target, [SYS_NAME])


async def test_a_request_above_what_the_agent_takes_is_asked_in_halves():
    sizes = []
    agent = secured(switch())

    def answers(data):
        sizes.append(len(data))
        answer = agent.handle(data)
        if usm.parse(data).engine_id:
            return [answer]
        at = answer.index(bytes.fromhex("0203 00ffe3"))
        return [answer[: at + 2] + (484).to_bytes(3, "big") + answer[at + 5 :]]

    oids = [(*SYS_NAME[:-2], n, 0) for n in range(40)]
    async with served(answers, user=USER) as (manager, target):
        found = await manager.get(target, oids)
    assert [varbind.oid for varbind in found] == oids
    assert found[5].value == b"switch"
    assert max(sizes) <= 484


async def test_the_engines_time_comes_with_every_answer():
    agent = secured(switch())
    async with answering(agent, user=USER) as (manager, target):
        assert manager.uptime_s(target) is None
        await manager.get(target, [SYS_NAME])
        assert manager.uptime_s(target) == 0
        assert manager.uptime_s(dataclasses.replace(target, user=None)) is None


def test_a_target_shows_no_secret():
    shown = repr(Target("192.0.2.1", community="not to be seen", user=USER))
    assert "192.0.2.1" in shown
    for secret in ("not to be seen", USER.auth_key, USER.priv_key):
        assert secret not in shown


async def test_many_agents_are_asked_at_once_each_under_its_own_engine():
    first = secured(switch(1))
    served_ = [await serve(first.twin(b"\x80engine%d" % n)) for n in range(30)]
    manager = Manager()
    await manager.open()
    targets = [Target("127.0.0.1", port, user=USER) for _, port in served_]
    found = await asyncio.gather(*(manager.get(target, [SYS_NAME]) for target in targets * 2))
    await manager.close()
    for transport, _ in served_:
        transport.close()
    assert [varbinds[0].value for varbinds in found] == [b"switch"] * 60


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_becomes_of_answers_on_the_way_no_wrong_value_is_believed(seed):
    chance = random.Random(seed)
    agent = secured(switch(2))

    def answers(data):
        answer = agent.handle(data)
        return [mutate(chance, answer) for _ in range(100)] + [answer]

    believed = 0
    async with served(answers, user=USER, timeout_s=0.1) as (manager, target):
        for _ in range(8):
            with contextlib.suppress(SnmpError):  # damaged discovery may lead astray for a while
                found = await manager.get(target, [SYS_NAME, SYS_DESCR])
                assert [varbind.value for varbind in found] == [b"switch", b"Test switch"]
                believed += 1
    assert believed > 3
