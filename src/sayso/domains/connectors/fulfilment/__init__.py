"""Asking a receiver of the company's own, or a supplier behind it, to hand something over."""
