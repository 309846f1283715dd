"""What an operator may expect in another country: its status, the recognition of its country, and its roles. Pure."""

from dataclasses import dataclass

from verifier.operator_answer import OperatorAnswer
from verifier.recognition_answer import RecognitionAnswer


@dataclass(frozen=True, slots=True)
class BenefitAnswer:
    """The operator's status, and what its country is to the relying one; `recognition` is for the operator's roles.

    None where the operator's country is not known.
    """

    operator: OperatorAnswer
    recognition: RecognitionAnswer | None

    @property
    def expected(self) -> bool:
        """Whether benefits may be expected: every condition is met."""
        return self.failing is None

    @property
    def failing(self) -> str | None:
        """The reason of the first condition that is not met; None if all are."""
        if not self.operator.authorised:
            return self.operator.reason.value
        if self.recognition is None or not self.recognition.in_effect:
            return self.recognition.reason.value if self.recognition else self.operator.reason.value
        return None


def benefit_answer(operator: OperatorAnswer, recognition: RecognitionAnswer | None) -> BenefitAnswer:
    """Return what may be expected, from the answers for the operator and for the direction."""
    return BenefitAnswer(operator, recognition.for_roles(operator.roles) if recognition else None)
