"""Sessions (phiên đối thoại): from a year's plan to the conclusion notice.

Owns sessions, their agendas, attendances and answers on the spot, conclusions and
commitments, and the texts of the products that commitments promise. Hears from Intake
which opinions are put forward for an agenda. Publishes the events of
`shared.contracts.sessions`.
"""
