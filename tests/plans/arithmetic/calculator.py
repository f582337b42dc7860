"""A pocket calculator: what a written sum comes to, by the signs that people write."""

import ast
import operator
from decimal import Decimal, getcontext
from fractions import Fraction

SIGNS = {"×": "*", "÷": "/", "−": "-", "^": "**"}
DEEDS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv, ast.Pow: None}


def typed(sum_: str) -> Decimal:
    """What the sum comes to: exact, but for roots, which are taken to 30 digits."""
    getcontext().prec = 40
    for sign, plain in SIGNS.items():
        sum_ = sum_.replace(sign, plain)
    found = _value(ast.parse(sum_, mode="eval").body)
    return found if isinstance(found, Decimal) else Decimal(found.numerator) / Decimal(found.denominator)


def _value(node: ast.expr) -> Fraction | Decimal:
    if isinstance(node, ast.Constant):
        return Fraction(str(node.value))
    if isinstance(node, ast.UnaryOp):
        assert isinstance(node.op, ast.USub)
        return -_value(node.operand)
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left), _value(node.right)
    if isinstance(node.op, ast.Pow):
        return _decimal(left) ** _decimal(right)
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        left, right = _decimal(left), _decimal(right)
    return DEEDS[type(node.op)](left, right)  # type: ignore[misc]


def _decimal(number: Fraction | Decimal) -> Decimal:
    return number if isinstance(number, Decimal) else Decimal(number.numerator) / Decimal(number.denominator)
