"""A lively, believable platform to look at and develop against."""

from counterfoil.config.demo.making import Made, make_demo

__all__ = ["Made", "make_demo"]
